#include "report/json.h"

#include "report/describe.h"

#include <jansson.h>

static json_t *address(uint64_t value)
{
    char text[2 + 16 + 1];
    snprintf(text, sizeof text, "0x%llx", (unsigned long long)value);
    return json_string(text);
}

/* Sets KEY only where there is something to say. */
static void set_string(json_t *object, const char *key, const char *value)
{
    if (value)
        json_object_set_new(object, key, json_string(value));
}

static void set_number(json_t *object, const char *key, uint64_t value)
{
    json_object_set_new(object, key, json_integer((json_int_t)value));
}

static json_t *frame_json(const struct frame *frame)
{
    json_t *object = json_object();
    set_string(object, "function", frame->function);
    set_string(object, "file", frame->file);
    if (frame->line)
        set_number(object, "line", frame->line);
    if (frame->column)
        set_number(object, "column", frame->column);
    json_object_set_new(object, "inlined", json_boolean(frame->inlined));
    set_string(object, "module", frame->module);
    json_object_set_new(object, "offset", address(frame->offset));
    return object;
}

static json_t *stack_json(const struct stack *stack)
{
    json_t *array = json_array();
    for (size_t i = 0; i < stack->frame_count; i++)
        json_array_append_new(array, frame_json(&stack->frames[i]));
    return array;
}

static json_t *memory_json(const struct memory *memory)
{
    json_t *object = json_object();
    set_string(object, "kind", memory_kind_names[memory->kind]);
    if (memory->has_strand)
        set_number(object, "strand", memory->strand);
    if (memory->tid)
        set_number(object, "tid", memory->tid);
    if (memory->kind == MEMORY_HEAP || memory->kind == MEMORY_CHANNEL) {
        json_object_set_new(object, "addr", address(memory->addr));
        set_number(object, "size", memory->size);
        json_object_set_new(object, "stack", stack_json(&memory->stack));
    }
    if (memory->kind == MEMORY_DESCRIPTOR) {
        set_number(object, "number", memory->number);
        json_object_set_new(object, "stack", stack_json(&memory->stack));
    }
    if (memory->member) {
        set_string(object, "member", memory->member);
        set_number(object, "member_offset", memory->member_offset);
    }
    if (memory->freed) {
        json_t *freed = json_object();
        set_number(freed, "strand", memory->freed_strand);
        json_object_set_new(freed, "stack", stack_json(&memory->freed_stack));
        json_object_set_new(object, "freed", freed);
    }
    if (memory->variable.name) {
        set_string(object, "name", memory->variable.name);
        set_string(object, "part", memory->variable.path);
        set_number(object, "size", memory->variable.size);
        set_string(object, "file", memory->variable.file);
        if (memory->variable.line)
            set_number(object, "line", memory->variable.line);
    }
    return object;
}

static json_t *lock_json(const struct lock *lock)
{
    json_t *object = json_object();
    json_object_set_new(object, "addr", address(lock->addr));
    set_string(object, "kind", lock->kind);
    json_object_set_new(object, "exclusive", json_boolean(lock->exclusive));
    if (lock->memory.kind != MEMORY_UNKNOWN)
        json_object_set_new(object, "memory", memory_json(&lock->memory));
    json_object_set_new(object, "stack", stack_json(&lock->stack));
    return object;
}

static json_t *access_json(struct arena *arena, const struct race *race,
                           const struct access *access)
{
    json_t *object = json_object();
    set_string(object, "op", op_names[access->op]);
    json_object_set_new(object, "atomic", json_boolean(access->atomic));
    json_object_set_new(object, "addr", address(access->addr));
    set_number(object, "size", access->size);
    set_number(object, "strand", access->strand);
    set_string(object, "by", describe_strand(arena, &race->cast, access->strand));
    json_object_set_new(object, "stack", stack_json(&access->stack));
    if (!access->locks_known)
        return object;
    json_t *locks = json_array();
    for (size_t i = 0; i < access->lock_count; i++)
        json_array_append_new(locks, lock_json(&access->locks[i]));
    json_object_set_new(object, "locks", locks);
    return object;
}

static json_t *strand_json(struct arena *arena, const struct cast *cast,
                           const struct strand *strand)
{
    json_t *object = json_object();
    set_number(object, "id", strand->id);
    set_string(object, "kind", strand_kind_names[strand->kind]);
    set_string(object, "name", describe_strand(arena, cast, strand->id));
    if (strand->number)
        set_number(object, strand->kind == STRAND_THREAD ? "tid" : "goid",
                   strand->number);
    if (strand->has_parent)
        set_number(object, "parent", strand->parent);
    json_object_set_new(object, "stack", stack_json(&strand->stack));
    return object;
}

static json_t *strands_json(struct arena *arena, const struct cast *cast)
{
    json_t *array = json_array();
    for (size_t i = 0; i < cast->strand_count; i++)
        json_array_append_new(array, strand_json(arena, cast, &cast->strands[i]));
    return array;
}

static json_t *process_json(const struct process *process)
{
    json_t *object = json_object();
    set_number(object, "pid", process->pid);
    set_string(object, "exe", process->exe);
    set_string(object, "command", process->command);
    set_string(object, "cwd", process->cwd);
    return object;
}

static json_t *seen_by_json(unsigned seen_by)
{
    json_t *array = json_array();
    for (unsigned detector = 0; detector < DETECTOR_COUNT; detector++)
        if (seen_by & 1u << detector)
            json_array_append_new(array, json_string(detector_names[detector]));
    return array;
}

static json_t *line_json(const char *type)
{
    json_t *object = json_object();
    set_number(object, "goc_race_report", JSON_REPORT_VERSION);
    set_string(object, "type", type);
    return object;
}

static void print_line(FILE *out, json_t *object)
{
    json_dumpf(object, out, JSON_COMPACT);
    fputc('\n', out);
    fflush(out);
    json_decref(object);
}

void json_race(FILE *out, struct arena *arena, const struct distinct *distinct)
{
    const struct race *race = distinct->race;
    const struct arena_mark mark = arena_mark(arena);
    char id[16 + 1];
    snprintf(id, sizeof id, "%016llx", (unsigned long long)distinct_id(distinct));
    json_t *object = line_json("race");
    set_string(object, "id", id);
    if (race->after_free)
        set_string(object, "kind", "use-after-free");
    json_object_set_new(object, "seen_by", seen_by_json(distinct->seen_by));
    set_number(object, "sightings", distinct->sightings);
    json_object_set_new(object, "process", process_json(race->process));
    json_t *accesses = json_array();
    for (size_t i = 0; i < 2; i++)
        json_array_append_new(accesses, access_json(arena, race, &race->accesses[i]));
    json_object_set_new(object, "accesses", accesses);
    json_object_set_new(object, "strands", strands_json(arena, &race->cast));
    json_object_set_new(object, "memory", memory_json(&race->memory));
    set_string(object, "cure", describe_cure(arena, race));
    print_line(out, object);
    arena_rewind(arena, mark);
}

static json_t *named_lock_json(struct arena *arena, const struct named_lock *lock)
{
    json_t *object = json_object();
    json_object_set_new(object, "addr", address(lock->addr));
    set_string(object, "kind", lock->kind);
    set_string(object, "name",
               describe_lock(arena, lock->kind, lock->addr, &lock->memory));
    json_object_set_new(object, "memory", memory_json(&lock->memory));
    return object;
}

static json_t *step_json(struct arena *arena, const struct error *error,
                         const struct step *step)
{
    json_t *object = json_object();
    set_string(object, "what", step->what);
    if (step->has_lock) {
        json_object_set_new(object, "lock", address(step->lock));
        json_object_set_new(object, "exclusive", json_boolean(step->exclusive));
    }
    if (step->count)
        set_number(object, "count", step->count);
    if (step->has_strand) {
        set_number(object, "strand", step->strand);
        set_string(object, "by", describe_strand(arena, &error->cast, step->strand));
    }
    json_object_set_new(object, "stack", stack_json(&step->stack));
    return object;
}

static void set_story(json_t *object, struct arena *arena, const struct error *error)
{
    json_t *locks = json_array();
    for (size_t i = 0; i < error->lock_count; i++)
        json_array_append_new(locks, named_lock_json(arena, &error->locks[i]));
    json_object_set_new(object, "locks", locks);
    json_t *steps = json_array();
    for (size_t i = 0; i < error->step_count; i++)
        json_array_append_new(steps, step_json(arena, error, &error->steps[i]));
    json_object_set_new(object, "steps", steps);
    json_object_set_new(object, "strands", strands_json(arena, &error->cast));
}

void json_error(FILE *out, struct arena *arena, const struct error *error)
{
    const struct arena_mark mark = arena_mark(arena);
    json_t *object = line_json("error");
    set_number(object, "pid", error->process->pid);
    set_string(object, "detector", detector_names[error->detector]);
    set_string(object, "kind", error->kind);
    set_string(object, "message", error->message);
    if (error->stack.frame_count > 0)
        json_object_set_new(object, "stack", stack_json(&error->stack));
    if (error->step_count > 0)
        set_story(object, arena, error);
    print_line(out, object);
    arena_rewind(arena, mark);
}
