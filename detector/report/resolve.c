#include "report/resolve.h"

#include <pthread.h>
#include <string.h>
#include <threads.h>

/* The detectors' own functions and the runtime's, by the beginning of their names. */
static const char *const inner_machinery[] = {
    "goc__",           "goc_race_",    "race__",     "__tsan_",          "__interceptor_",
    "___interceptor_", "__sanitizer_", "_ZN6__tsan", "_ZN11__sanitizer",
};

/* What runs a thread or a goroutine before its first function. */
static const char *const outer_machinery[] = {
    "_start",
    "__libc_start_main",
    "__libc_start_call_main",
    "start_thread",
    "clone",
    "clone3",
    "__clone",
    "__clone3",
    "goc__",
    "goroutine_start",
    "__tsan_thread_start_func",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool begins_with_one_of(const char *name, const char *const *beginnings,
                               size_t count)
{
    for (size_t i = 0; name && i < count; i++)
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

/* Interceptors have the names of what they stand for; their files tell. */
static bool is_ours(const struct frame *frame)
{
    static const char sources[] = GOC_DETECTOR_SOURCES;
    return frame->file && strncmp(frame->file, sources, sizeof sources - 1) == 0;
}

static bool is_inner(const struct frame *frame)
{
    return is_ours(frame) ||
           begins_with_one_of(frame->function, inner_machinery, COUNT(inner_machinery));
}

static bool is_outer(const struct frame *frame)
{
    return is_ours(frame) ||
           begins_with_one_of(frame->function, outer_machinery, COUNT(outer_machinery));
}

static void trim(struct stack *stack)
{
    size_t begin = 0;
    size_t end = stack->frame_count;
    while (begin < end && is_inner(&stack->frames[begin]))
        begin++;
    while (begin < end && is_outer(&stack->frames[end - 1]))
        end--;
    if (begin == end)
        return;
    stack->frames += begin;
    stack->frame_count = end - begin;
}

static struct frame_list pc_frames(const struct process *process, struct pc pc,
                                   struct symbolizer *symbolizer)
{
    const struct module *module = process_module(process, pc.module);
    return symbolize_code(symbolizer, module ? module->path : NULL,
                          module ? module->build_id : NULL, pc.offset);
}

static void resolve_stack(const struct process *process, struct stack *stack,
                          struct arena *arena, struct symbolizer *symbolizer)
{
    size_t count = 0;
    for (size_t i = 0; i < stack->pc_count; i++)
        count += pc_frames(process, stack->pcs[i], symbolizer).count;
    struct frame *frames = arena_array(arena, count, sizeof *frames);
    size_t filled = 0;
    for (size_t i = 0; i < stack->pc_count; i++) {
        const struct frame_list list = pc_frames(process, stack->pcs[i], symbolizer);
        memcpy(frames + filled, list.frames, list.count * sizeof *frames);
        filled += list.count;
    }
    stack->frames = frames;
    stack->frame_count = count;
    trim(stack);
}

static void resolve_memory(const struct process *process, struct memory *memory,
                           uint64_t size, struct arena *arena,
                           struct symbolizer *symbolizer)
{
    resolve_stack(process, &memory->stack, arena, symbolizer);
    resolve_stack(process, &memory->freed_stack, arena, symbolizer);
    const struct pc *place = memory->has_frame ? &memory->frame : &memory->place;
    const struct module *module = memory->has_frame || memory->has_place
                                      ? process_module(process, place->module)
                                      : NULL;
    if (!module)
        return;
    if (memory->kind == MEMORY_STACK)
        memory->variable = symbolize_local(symbolizer, module->path, module->build_id,
                                           place->offset, memory->below, size);
    else if (memory->kind == MEMORY_TLS)
        memory->variable = symbolize_thread_local(symbolizer, module->path,
                                                  module->build_id, place->offset, size);
    else
        memory->variable = symbolize_data(symbolizer, module->path, module->build_id,
                                          place->offset, size);
}

/* The bytes of a lock, so that the part of a variable is found that it is.  goc-race shares
 * no header with the runtime, whose locks have these sizes for ever. */
static uint64_t lock_size(const char *kind)
{
    static const struct {
        const char *kind;
        uint64_t size;
    } sizes[] = {
        {"pthread_mutex", sizeof(pthread_mutex_t)},
        {"pthread_rwlock", sizeof(pthread_rwlock_t)},
        {"pthread_spinlock", sizeof(pthread_spinlock_t)},
        {"mtx", sizeof(mtx_t)},
        {"goc_mutex", 8},
        {"goc_rwmutex", 24},
    };
    for (size_t i = 0; i < COUNT(sizes); i++)
        if (strcmp(sizes[i].kind, kind) == 0)
            return sizes[i].size;
    return 1;
}

/* "table.locks[3].__data": what libc's headers have within a lock is not the program's. */
static void trim_path(struct variable *variable, struct arena *arena)
{
    const char *inner = variable->path ? strstr(variable->path, ".__") : NULL;
    if (!inner)
        return;
    const int length = (int)(inner - variable->path);
    variable->path = arena_printf(arena, "%.*s", length, variable->path);
    if (strcmp(variable->path, variable->name) == 0)
        variable->path = NULL;
}

static void resolve_lock(const struct process *process, const char *kind,
                         struct memory *memory, struct arena *arena,
                         struct symbolizer *symbolizer)
{
    resolve_memory(process, memory, lock_size(kind), arena, symbolizer);
    trim_path(&memory->variable, arena);
}

static void resolve_strands(const struct process *process, struct cast *cast,
                            struct arena *arena, struct symbolizer *symbolizer)
{
    for (size_t i = 0; i < cast->strand_count; i++)
        resolve_stack(process, &cast->strands[i].stack, arena, symbolizer);
}

/* What of a heap block ACCESS is to, by the code that made it. */
static struct part member_of(const struct process *process, const struct access *access,
                             const struct memory *memory, struct symbolizer *symbolizer)
{
    const struct stack *stack = &access->stack;
    if (access->op == ACCESS_FREE || stack->pc_count == 0 || stack->frame_count == 0 ||
        access->addr < memory->addr || access->addr - memory->addr >= memory->size)
        return (struct part){0};
    const struct frame *place = &stack->frames[0];
    const struct module *module = process_module(process, stack->pcs[0].module);
    const struct block_part part = {
        .offset = access->addr - memory->addr,
        .size = access->size,
        .block_size = memory->size,
    };
    if (!module || place->offset != stack->pcs[0].offset)
        return (struct part){0}; // a function of libc's that was called made it
    return symbolize_member(symbolizer, module->path, module->build_id,
                            stack->pcs[0].offset, place, &part);
}

void resolve_race(struct race *race, struct arena *arena, struct symbolizer *symbolizer)
{
    const struct process *process = race->process;
    for (size_t i = 0; i < 2; i++) {
        struct access *access = &race->accesses[i];
        resolve_stack(process, &access->stack, arena, symbolizer);
        for (size_t j = 0; j < access->lock_count; j++) {
            struct lock *lock = &access->locks[j];
            resolve_stack(process, &lock->stack, arena, symbolizer);
            resolve_lock(process, lock->kind, &lock->memory, arena, symbolizer);
        }
    }
    resolve_strands(process, &race->cast, arena, symbolizer);
    struct memory *memory = &race->memory;
    resolve_memory(process, memory, race->accesses[0].size, arena, symbolizer);
    if (memory->kind != MEMORY_HEAP)
        return;
    for (size_t i = 0; i < 2 && !memory->member; i++) {
        const struct part part =
            member_of(process, &race->accesses[i], memory, symbolizer);
        memory->member = part.path;
        memory->member_bits = part.bits;
        memory->member_offset = race->accesses[i].addr - memory->addr;
    }
}

void resolve_error(struct error *error, struct arena *arena,
                   struct symbolizer *symbolizer)
{
    const struct process *process = error->process;
    resolve_stack(process, &error->stack, arena, symbolizer);
    for (size_t i = 0; i < error->lock_count; i++) {
        struct named_lock *lock = &error->locks[i];
        resolve_lock(process, lock->kind, &lock->memory, arena, symbolizer);
    }
    for (size_t i = 0; i < error->step_count; i++)
        resolve_stack(process, &error->steps[i].stack, arena, symbolizer);
    resolve_strands(process, &error->cast, arena, symbolizer);
}
