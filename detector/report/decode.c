#include "report/decode.h"

#include <string.h>

/* A module id beyond this is no number the writer gave: the dynamic loader's own limits
 * are far below. */
enum { MODULE_ID_MAX = 1 << 16 };

#define COUNT(array) ((unsigned)(sizeof(array) / sizeof *(array)))

static const char *const record_words[] = {"start", "module", "race", "error", "end"};
static const char *const race_words[] = {"use-after-free"};
static const char *const op_words[] = {"read", "write", "free"};
static const char *const strand_words[] = {"main", "goroutine", "thread", "signal"};
static const char *const memory_words[] = {"unknown", "heap", "channel",   "global",
                                           "stack",   "tls",  "descriptor"};

/* The element INDEX of an array of objects called NAME. */
static bool element(struct fields *fields, const json_t *array, size_t index,
                    const char *name, struct object *out)
{
    out->json = json_array_get(array, index);
    out->name = arena_printf(fields->arena, "%s[%zu]", name, index);
    if (!json_is_object(out->json))
        return fields_fault(fields, "%s is not an object", out->name);
    return true;
}

static bool decode_pc(struct fields *fields, const json_t *json, const char *name,
                      struct pc *pc)
{
    const json_t *module = json_array_get(json, 0);
    const json_t *offset = json_array_get(json, 1);
    if (json_array_size(json) != 2 || !json_is_integer(module) || !json_is_string(offset))
        return fields_fault(fields, "a frame of the stack of %s is not [MODULE,\"0x…\"]",
                            name);
    const json_int_t id = json_integer_value(module);
    if (id < MODULE_NONE || id > MODULE_ID_MAX)
        return fields_fault(fields, "a frame of the stack of %s has no possible module",
                            name);
    pc->module = (int32_t)id;
    if (!parse_address(json_string_value(offset), &pc->offset))
        return fields_fault(fields, "a frame of the stack of %s has no \"0x…\" offset",
                            name);
    return true;
}

static bool decode_stack(struct fields *fields, struct object object, struct stack *stack)
{
    const json_t *array = NULL;
    if (!take_array(fields, object, "stack", &array))
        return false;
    const size_t count = json_array_size(array);
    struct pc *pcs = arena_array(fields->arena, count, sizeof *pcs);
    for (size_t i = 0; i < count; i++)
        if (!decode_pc(fields, json_array_get(array, i), object.name, &pcs[i]))
            return false;
    *stack = (struct stack){.pc_count = count, .pcs = pcs};
    return true;
}

static bool decode_strand(struct fields *fields, struct object object,
                          struct strand *strand)
{
    unsigned kind = 0;
    if (!take_number(fields, object, "id", &strand->id) ||
        !take_word(fields, object, "kind", strand_words, COUNT(strand_words), &kind) ||
        !decode_stack(fields, object, &strand->stack))
        return false;
    strand->kind = (enum strand_kind)kind;
    const char *number = strand->kind == STRAND_THREAD ? "tid" : "goid";
    if (object_has(object, number) &&
        !take_number(fields, object, number, &strand->number))
        return false;
    strand->has_parent = object_has(object, "parent");
    return !strand->has_parent || take_number(fields, object, "parent", &strand->parent);
}

/* A block: heap or channel. */
static bool decode_block(struct fields *fields, struct object object,
                         struct memory *memory)
{
    if (!take_address(fields, object, "addr", &memory->addr) ||
        !take_number(fields, object, "size", &memory->size) ||
        !decode_stack(fields, object, &memory->stack))
        return false;
    memory->freed = object_has(object, "freed");
    struct object freed;
    return !memory->freed ||
           (take_object(fields, object, "freed", &freed) &&
            take_number(fields, freed, "strand", &memory->freed_strand) &&
            decode_stack(fields, freed, &memory->freed_stack));
}

/* Who made it is not always known. */
static bool decode_descriptor(struct fields *fields, struct object object,
                              struct memory *memory)
{
    return take_number(fields, object, "number", &memory->number) &&
           (!object_has(object, "stack") || decode_stack(fields, object, &memory->stack));
}

static bool decode_place(struct fields *fields, struct object object,
                         struct memory *memory)
{
    uint64_t module = 0;
    if (!take_number(fields, object, "module", &module) ||
        !take_address(fields, object, "offset", &memory->place.offset))
        return false;
    if (module > MODULE_ID_MAX)
        return fields_fault(fields, "\"module\" of memory is no possible module");
    memory->place.module = (int32_t)module;
    memory->has_place = true;
    return true;
}

/* Which variable it is, and whose if no strand's, is not always known. */
static bool decode_storage(struct fields *fields, struct object object,
                           struct memory *memory)
{
    return (!object_has(object, "tid") ||
            take_number(fields, object, "tid", &memory->tid)) &&
           (!object_has(object, "module") || decode_place(fields, object, memory));
}

static bool decode_frame(struct fields *fields, struct object object,
                         struct memory *memory)
{
    const json_t *frame = NULL;
    memory->has_frame = object_has(object, "frame");
    return !memory->has_frame || (take_array(fields, object, "frame", &frame) &&
                                  decode_pc(fields, frame, object.name, &memory->frame) &&
                                  take_number(fields, object, "below", &memory->below));
}

static bool decode_memory(struct fields *fields, struct object object,
                          struct memory *memory)
{
    unsigned kind = 0;
    if (!take_word(fields, object, "kind", memory_words, COUNT(memory_words), &kind))
        return false;
    memory->kind = (enum memory_kind)kind;
    memory->has_strand = object_has(object, "strand");
    if (memory->has_strand && !take_number(fields, object, "strand", &memory->strand))
        return false;
    if (memory->kind == MEMORY_HEAP || memory->kind == MEMORY_CHANNEL)
        return decode_block(fields, object, memory);
    if (memory->kind == MEMORY_STACK)
        return decode_frame(fields, object, memory);
    if (memory->kind == MEMORY_DESCRIPTOR)
        return decode_descriptor(fields, object, memory);
    if (memory->kind == MEMORY_TLS)
        return decode_storage(fields, object, memory);
    return memory->kind != MEMORY_GLOBAL || decode_place(fields, object, memory);
}

static bool decode_lock_memory(struct fields *fields, struct object object,
                               struct lock *lock)
{
    struct object memory;
    return !object_has(object, "memory") ||
           (take_object(fields, object, "memory", &memory) &&
            decode_memory(fields, memory, &lock->memory));
}

static bool decode_locks(struct fields *fields, struct object object,
                         struct access *access)
{
    const json_t *array = NULL;
    access->locks_known = object_has(object, "locks");
    if (!access->locks_known)
        return true;
    if (!take_array(fields, object, "locks", &array))
        return false;
    access->lock_count = json_array_size(array);
    access->locks = arena_array(fields->arena, access->lock_count, sizeof *access->locks);
    for (size_t i = 0; i < access->lock_count; i++) {
        struct object entry;
        struct lock *lock = &access->locks[i];
        if (!element(fields, array, i, "locks", &entry) ||
            !take_address(fields, entry, "addr", &lock->addr) ||
            !take_string(fields, entry, "kind", &lock->kind) ||
            !take_bool(fields, entry, "exclusive", &lock->exclusive) ||
            !decode_lock_memory(fields, entry, lock) ||
            !decode_stack(fields, entry, &lock->stack))
            return false;
    }
    return true;
}

static bool decode_access(struct fields *fields, struct object object,
                          struct access *access)
{
    unsigned op = 0;
    if (!take_word(fields, object, "op", op_words, COUNT(op_words), &op) ||
        !take_bool(fields, object, "atomic", &access->atomic) ||
        !take_address(fields, object, "addr", &access->addr) ||
        !take_number(fields, object, "size", &access->size) ||
        !take_number(fields, object, "strand", &access->strand) ||
        !decode_stack(fields, object, &access->stack) ||
        !decode_locks(fields, object, access))
        return false;
    access->op = (enum access_op)op;
    return true;
}

static bool decode_accesses(struct fields *fields, struct object record,
                            struct race *race)
{
    const json_t *array = NULL;
    if (!take_array(fields, record, "accesses", &array))
        return false;
    if (json_array_size(array) != 2)
        return fields_fault(fields, "\"accesses\" has %zu elements, not 2",
                            json_array_size(array));
    for (size_t i = 0; i < 2; i++) {
        struct object object;
        if (!element(fields, array, i, "accesses", &object) ||
            !decode_access(fields, object, &race->accesses[i]))
            return false;
    }
    return true;
}

static bool decode_strands(struct fields *fields, struct object record, struct cast *cast)
{
    const json_t *array = NULL;
    if (!take_array(fields, record, "strands", &array))
        return false;
    cast->strand_count = json_array_size(array);
    cast->strands = arena_array(fields->arena, cast->strand_count, sizeof *cast->strands);
    for (size_t i = 0; i < cast->strand_count; i++) {
        struct object object;
        if (!element(fields, array, i, "strands", &object) ||
            !decode_strand(fields, object, &cast->strands[i]))
            return false;
    }
    return true;
}

static bool check_strands(struct fields *fields, const struct cast *cast)
{
    for (size_t i = 0; i < cast->strand_count; i++)
        for (size_t j = 0; j < i; j++)
            if (cast->strands[i].id == cast->strands[j].id)
                return fields_fault(fields, "strand %llu is there twice",
                                    (unsigned long long)cast->strands[i].id);
    return true;
}

/* What the record refers to must be there. */
static bool check_references(struct fields *fields, const struct race *race)
{
    for (size_t i = 0; i < 2; i++)
        if (!cast_strand(&race->cast, race->accesses[i].strand))
            return fields_fault(fields,
                                "accesses[%zu] names strand %llu, which is not "
                                "in \"strands\"",
                                i, (unsigned long long)race->accesses[i].strand);
    return check_strands(fields, &race->cast);
}

static bool decode_race(struct fields *fields, struct object object, struct race *race)
{
    struct object memory;
    unsigned kind = 0;
    if (object_has(object, "kind") &&
        !take_word(fields, object, "kind", race_words, COUNT(race_words), &kind))
        return false;
    race->after_free = object_has(object, "kind");
    return decode_accesses(fields, object, race) &&
           decode_strands(fields, object, &race->cast) &&
           take_object(fields, object, "memory", &memory) &&
           decode_memory(fields, memory, &race->memory) && check_references(fields, race);
}

static bool decode_named_locks(struct fields *fields, struct object object,
                               struct error *error)
{
    const json_t *array = NULL;
    if (!take_array(fields, object, "locks", &array))
        return false;
    error->lock_count = json_array_size(array);
    error->locks = arena_array(fields->arena, error->lock_count, sizeof *error->locks);
    for (size_t i = 0; i < error->lock_count; i++) {
        struct object entry;
        struct object memory;
        struct named_lock *lock = &error->locks[i];
        if (!element(fields, array, i, "locks", &entry) ||
            !take_address(fields, entry, "addr", &lock->addr) ||
            !take_string(fields, entry, "kind", &lock->kind) ||
            !take_object(fields, entry, "memory", &memory) ||
            !decode_memory(fields, memory, &lock->memory))
            return false;
    }
    return true;
}

static bool decode_step(struct fields *fields, struct object object, struct step *step)
{
    step->has_lock = object_has(object, "lock");
    step->has_strand = object_has(object, "strand");
    return take_string(fields, object, "what", &step->what) &&
           (!step->has_lock ||
            (take_address(fields, object, "lock", &step->lock) &&
             take_bool(fields, object, "exclusive", &step->exclusive))) &&
           (!object_has(object, "count") ||
            take_number(fields, object, "count", &step->count)) &&
           (!step->has_strand || take_number(fields, object, "strand", &step->strand)) &&
           decode_stack(fields, object, &step->stack);
}

static bool decode_steps(struct fields *fields, struct object object, struct error *error)
{
    const json_t *array = NULL;
    if (!take_array(fields, object, "steps", &array))
        return false;
    error->step_count = json_array_size(array);
    error->steps = arena_array(fields->arena, error->step_count, sizeof *error->steps);
    for (size_t i = 0; i < error->step_count; i++) {
        struct object entry;
        if (!element(fields, array, i, "steps", &entry) ||
            !decode_step(fields, entry, &error->steps[i]))
            return false;
    }
    return true;
}

/* The error's steps and what they refer to. */
static bool decode_story(struct fields *fields, struct object object, struct error *error)
{
    if (!decode_named_locks(fields, object, error) ||
        !decode_steps(fields, object, error) ||
        !decode_strands(fields, object, &error->cast) ||
        !check_strands(fields, &error->cast))
        return false;
    for (size_t i = 0; i < error->step_count; i++)
        if (error->steps[i].has_strand &&
            !cast_strand(&error->cast, error->steps[i].strand))
            return fields_fault(fields,
                                "steps[%zu] names strand %llu, which is not in "
                                "\"strands\"",
                                i, (unsigned long long)error->steps[i].strand);
    return true;
}

static bool decode_error(struct fields *fields, struct object object, struct error *error)
{
    return take_string(fields, object, "kind", &error->kind) &&
           take_string(fields, object, "message", &error->message) &&
           (!object_has(object, "stack") ||
            decode_stack(fields, object, &error->stack)) &&
           (!object_has(object, "steps") || decode_story(fields, object, error));
}

/* argv as one line, for people. */
static bool decode_command(struct fields *fields, struct object object,
                           const char **command)
{
    const json_t *array = NULL;
    if (!take_array(fields, object, "argv", &array))
        return false;
    const char *line = "";
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *word = json_array_get(array, i);
        if (!json_is_string(word))
            return fields_fault(fields, "\"argv\" holds something other than strings");
        line = arena_printf(fields->arena, "%s%s%s", line, i ? " " : "",
                            json_string_value(word));
    }
    *command = line;
    return true;
}

static bool decode_start(struct fields *fields, struct processes *processes,
                         struct object object, uint64_t pid, enum detector detector,
                         struct process **started)
{
    const char *exe = NULL;
    const char *cwd = NULL;
    const char *command = NULL;
    if (!take_string(fields, object, "exe", &exe) ||
        !take_string(fields, object, "cwd", &cwd) ||
        !decode_command(fields, object, &command))
        return false;
    struct process *process = process_start(processes, pid, detector);
    process->exe = exe;
    process->cwd = cwd;
    process->command = command;
    *started = process;
    return true;
}

static bool decode_module(struct fields *fields, struct object object,
                          struct process *process)
{
    uint64_t id = 0;
    const char *path = NULL;
    const char *build_id = NULL;
    if (!take_number(fields, object, "id", &id) ||
        !take_string(fields, object, "path", &path) ||
        (object_has(object, "build_id") &&
         !take_string(fields, object, "build_id", &build_id)))
        return false;
    if (id > MODULE_ID_MAX)
        return fields_fault(fields, "\"id\" of the record is no possible module");
    if (build_id && !build_id[0])
        build_id = NULL;
    if (!process_add_module(process, id, path, build_id))
        return fields_fault(fields, "module %llu of process %llu is %s already",
                            (unsigned long long)id, (unsigned long long)process->pid,
                            process_module(process, (int64_t)id)->path);
    return true;
}

bool decode(struct fields *fields, struct arena *arena, struct processes *processes,
            const json_t *json, struct record *record)
{
    const struct object object = {.json = json, .name = "the record"};
    unsigned type = 0;
    unsigned detector = 0;
    uint64_t pid = 0;
    *fields = (struct fields){.arena = arena};
    if (!take_word(fields, object, "type", record_words, COUNT(record_words), &type) ||
        !take_number(fields, object, "pid", &pid))
        return false;
    *record = (struct record){.type = (enum record_type)type};
    if (record->type != RECORD_MODULE &&
        !take_word(fields, object, "detector", detector_names, DETECTOR_COUNT, &detector))
        return false;
    if (record->type == RECORD_START || record->type == RECORD_MODULE)
        fields->arena = processes->arena;
    if (record->type == RECORD_START)
        return decode_start(fields, processes, object, pid, (enum detector)detector,
                            &record->process);
    record->process = process_get(processes, pid);
    switch (record->type) {
    case RECORD_MODULE:
        return decode_module(fields, object, record->process);
    case RECORD_RACE:
        record->race.process = record->process;
        record->race.detector = (enum detector)detector;
        return decode_race(fields, object, &record->race);
    case RECORD_ERROR:
        record->error.process = record->process;
        record->error.detector = (enum detector)detector;
        return decode_error(fields, object, &record->error);
    default:
        return true;
    }
}

const struct strand *cast_strand(const struct cast *cast, uint64_t id)
{
    for (size_t i = 0; i < cast->strand_count; i++)
        if (cast->strands[i].id == id)
            return &cast->strands[i];
    return NULL;
}
