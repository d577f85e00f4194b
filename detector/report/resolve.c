#include "report/resolve.h"

#include <string.h>

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

static void resolve_global(struct race *race, struct symbolizer *symbolizer)
{
    struct memory *memory = &race->memory;
    const struct module *module = process_module(race->process, memory->global.module);
    if (!module)
        return;
    memory->variable = symbolize_data(symbolizer, module->path, module->build_id,
                                      memory->global.offset, race->accesses[0].size);
}

void resolve_race(struct race *race, struct arena *arena, struct symbolizer *symbolizer)
{
    const struct process *process = race->process;
    for (size_t i = 0; i < 2; i++) {
        struct access *access = &race->accesses[i];
        resolve_stack(process, &access->stack, arena, symbolizer);
        for (size_t j = 0; j < access->lock_count; j++)
            resolve_stack(process, &access->locks[j].stack, arena, symbolizer);
    }
    for (size_t i = 0; i < race->strand_count; i++)
        resolve_stack(process, &race->strands[i].stack, arena, symbolizer);
    resolve_stack(process, &race->memory.stack, arena, symbolizer);
    resolve_stack(process, &race->memory.freed_stack, arena, symbolizer);
    if (race->memory.kind == MEMORY_GLOBAL)
        resolve_global(race, symbolizer);
}

void resolve_error(struct error *error, struct arena *arena,
                   struct symbolizer *symbolizer)
{
    resolve_stack(error->process, &error->stack, arena, symbolizer);
}
