#include "report/describe.h"

const char *const op_names[] = {"read", "write", "free"};
const char *const strand_kind_names[] = {"main", "goroutine", "thread", "signal"};
const char *const memory_kind_names[] = {"unknown", "heap", "channel",   "global",
                                         "stack",   "tls",  "descriptor"};

enum { MAIN_GOROUTINE = 1 };

/* The thread a signal interrupted; handlers within handlers are not told apart. */
static const char *signal_name(struct arena *arena, const struct cast *cast,
                               const struct strand *handler)
{
    const struct strand *parent =
        handler->has_parent ? cast_strand(cast, handler->parent) : NULL;
    if (!parent || parent->kind == STRAND_SIGNAL)
        return "signal handler";
    return arena_printf(arena, "signal handler in %s",
                        describe_strand(arena, cast, parent->id));
}

const char *describe_strand(struct arena *arena, const struct cast *cast, uint64_t id)
{
    const struct strand *strand = cast_strand(cast, id);
    if (!strand)
        return "an unknown strand";
    const unsigned long long number = strand->number;
    switch (strand->kind) {
    case STRAND_MAIN:
        return number || has_goroutines(cast) ? "main goroutine" : "main thread";
    case STRAND_GOROUTINE:
        if (number == MAIN_GOROUTINE)
            return "main goroutine";
        return arena_printf(arena, "goroutine %llu", number);
    case STRAND_THREAD:
        return number ? arena_printf(arena, "thread %llu", number)
                      : arena_printf(arena, "thread T%llu", (unsigned long long)id);
    default:
        return signal_name(arena, cast, strand);
    }
}

const char *describe_thread(struct arena *arena, const struct cast *cast,
                            const struct memory *memory)
{
    if (memory->tid)
        return arena_printf(arena, "thread %llu", (unsigned long long)memory->tid);
    const struct strand *strand =
        memory->has_strand ? cast_strand(cast, memory->strand) : NULL;
    if (strand && strand->kind == STRAND_MAIN)
        return "main thread"; // also where main, a goroutine, may run elsewhere
    return memory->has_strand ? describe_strand(arena, cast, memory->strand)
                              : "an unknown thread";
}

const char *describe_op(const struct memory *memory, const struct access *access)
{
    if (memory->kind == MEMORY_DESCRIPTOR)
        return access->op == ACCESS_READ ? "use" : "close";
    static const char *const atomic_names[] = {"atomic read", "atomic write", "free"};
    return access->atomic ? atomic_names[access->op] : op_names[access->op];
}

bool has_goroutines(const struct cast *cast)
{
    for (size_t i = 0; i < cast->strand_count; i++)
        if (cast->strands[i].kind == STRAND_GOROUTINE)
            return true;
    return false;
}

const char *describe_lock(struct arena *arena, const char *kind, uint64_t addr,
                          const struct memory *memory)
{
    const struct variable *variable = &memory->variable;
    if (variable->name)
        return arena_printf(arena, "%s '%s'", kind,
                            variable->path ? variable->path : variable->name);
    return arena_printf(arena, "%s 0x%llx", kind, (unsigned long long)addr);
}
