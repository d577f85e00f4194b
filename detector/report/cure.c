/* The last line of a report: what would order the two accesses.
 *
 * It says only what the record shows.  The first case that applies is the most specific:
 * atomic against plain, a signal handler, which may wait for nobody and take no lock, a block freed
 * or a descriptor closed too early, locks that do not match, a parent that does not wait, and at
 * last the general means.
 */
#include "report/describe.h"

enum { ANCESTORS_MAX = 64 }; // a circle in a faulty record ends

static bool is_ancestor(const struct race *race, uint64_t ancestor, uint64_t id)
{
    for (int step = 0; step < ANCESTORS_MAX; step++) {
        const struct strand *strand = cast_strand(&race->cast, id);
        if (!strand || !strand->has_parent)
            return false;
        if (strand->parent == ancestor)
            return true;
        id = strand->parent;
    }
    return false;
}

/* What the memory is called in a sentence. */
static const char *noun(struct arena *arena, const struct race *race)
{
    const struct variable *variable = &race->memory.variable;
    const char *name = variable->path ? variable->path : variable->name;
    if (name || (name = race->memory.member))
        return arena_printf(arena, "'%s'", name);
    return race->memory.kind == MEMORY_HEAP ? "the block" : "it";
}

static const char *how_to_wait(const struct race *race)
{
    return has_goroutines(&race->cast) ? "a goc_waitgroup or a channel"
                                       : "pthread_join or a semaphore";
}

static const char *lock_name(struct arena *arena, const struct lock *lock)
{
    return describe_lock(arena, lock->kind, lock->addr, &lock->memory);
}

static const struct lock *common_lock(const struct access *a, const struct access *b)
{
    for (size_t i = 0; i < a->lock_count; i++)
        for (size_t j = 0; j < b->lock_count; j++)
            if (a->locks[i].addr == b->locks[j].addr)
                return a->locks[i].exclusive ? &b->locks[j] : &a->locks[i];
    return NULL;
}

static const char *cure_locks(struct arena *arena, const struct race *race)
{
    const struct access *later = &race->accesses[0];
    const struct access *earlier = &race->accesses[1];
    const struct lock *common = common_lock(later, earlier);
    if (common && !common->exclusive)
        return arena_printf(arena, "hold %s exclusively for the write, not only shared",
                            lock_name(arena, common));
    if (common) // held at both, but released and taken without order in between
        return NULL;
    if (later->lock_count && earlier->lock_count)
        return arena_printf(arena,
                            "they hold different locks, %s and %s: guard %s with the "
                            "same one everywhere",
                            lock_name(arena, &later->locks[0]),
                            lock_name(arena, &earlier->locks[0]), noun(arena, race));
    const struct access *holds = later->lock_count ? later : earlier;
    const struct access *lacks = later->lock_count ? earlier : later;
    if (holds->lock_count && lacks->locks_known)
        return arena_printf(arena, "hold %s for the %s by %s too",
                            lock_name(arena, &holds->locks[0]),
                            describe_op(&race->memory, lacks),
                            describe_strand(arena, &race->cast, lacks->strand));
    return NULL;
}

/* C has neighbouring ones as one memory location, and none as atomic. */
static bool is_bit_fields(const struct race *race)
{
    return race->memory.variable.bits || race->memory.member_bits;
}

/* Atomics are an answer for whole scalars. */
static bool could_be_atomic(const struct race *race)
{
    const struct access *a = &race->accesses[0];
    const struct access *b = &race->accesses[1];
    return !is_bit_fields(race) && a->addr == b->addr && a->size == b->size &&
           a->size <= 8 && (a->size & (a->size - 1)) == 0 && a->op != ACCESS_FREE &&
           b->op != ACCESS_FREE;
}

static const char *cure_free(struct arena *arena, const struct race *race)
{
    const int free_index = race->accesses[0].op == ACCESS_FREE ? 0 : 1;
    const struct access *freeing = &race->accesses[free_index];
    const struct access *using = &race->accesses[1 - free_index];
    return arena_printf(arena,
                        "let %s wait until %s is done with the block before it frees it "
                        "(%s)",
                        describe_strand(arena, &race->cast, freeing->strand),
                        describe_strand(arena, &race->cast, using->strand),
                        how_to_wait(race));
}

static const char *cure_close(struct arena *arena, const struct race *race)
{
    const int close_index = race->accesses[0].op == ACCESS_READ ? 1 : 0;
    const struct access *closing = &race->accesses[close_index];
    const struct access *using = &race->accesses[1 - close_index];
    return arena_printf(
        arena,
        "let %s wait until %s is done with file descriptor %llu before it closes it (%s)",
        describe_strand(arena, &race->cast, closing->strand),
        describe_strand(arena, &race->cast, using->strand),
        (unsigned long long)race->memory.number, how_to_wait(race));
}

static const char *cure_general(struct arena *arena, const struct race *race)
{
    const bool goroutines = has_goroutines(&race->cast);
    const char *thing = noun(arena, race);
    if (is_bit_fields(race))
        return arena_printf(
            arena,
            "guard all bit-fields beside each other with one %s, or keep those "
            "of different owners apart, by ':0' or as whole members",
            goroutines ? "goc_mutex" : "pthread_mutex_t");
    return arena_printf(arena, "guard %s with one %s%s%s", thing,
                        goroutines ? "goc_mutex" : "pthread_mutex_t",
                        could_be_atomic(race) ? ", make both accesses atomic" : "",
                        goroutines ? ", or pass it over a channel"
                                   : ", or let one wait for the other");
}

/* Who raced with a handler that interrupts it: the signal may be blocked meanwhile. */
static const char *cure_interrupted(struct arena *arena, const struct race *race,
                                    const struct access *other)
{
    const char *thing = noun(arena, race);
    const char *choice = "";
    if (could_be_atomic(race) && other->size == sizeof(int))
        choice =
            arena_printf(arena, "make %s volatile sig_atomic_t or atomic, or ", thing);
    else if (could_be_atomic(race))
        choice = "make both accesses atomic, or ";
    return arena_printf(arena, "%sblock the signal around the %s by %s (pthread_sigmask)",
                        choice, describe_op(&race->memory, other),
                        describe_strand(arena, &race->cast, other->strand));
}

/* Goroutines have no masks of signals: they change threads. */
static bool is_thread(const struct race *race, const struct strand *strand)
{
    const bool is_main = strand && strand->kind == STRAND_MAIN && strand->number == 0;
    return (is_main && !has_goroutines(&race->cast)) ||
           (strand && strand->kind == STRAND_THREAD);
}

static const char *cure_handler(struct arena *arena, const struct race *race,
                                const struct strand *handler, const struct access *other)
{
    const struct strand *strand = cast_strand(&race->cast, other->strand);
    if (handler->has_parent && handler->parent == other->strand &&
        is_thread(race, strand))
        return cure_interrupted(arena, race, other);
    if (handler->has_parent && strand && strand->kind == STRAND_SIGNAL &&
        strand->has_parent && strand->parent == handler->parent)
        return arena_printf(
            arena, "%sput each signal into the sa_mask of the other's handler",
            could_be_atomic(race) ? "make both accesses atomic, or " : "");
    return arena_printf(arena,
                        "%slet the handler leave its work to %s (sem_post, or a "
                        "write to a pipe)",
                        could_be_atomic(race) ? "make both accesses atomic, or " : "",
                        has_goroutines(&race->cast) ? "a goroutine" : "a thread");
}

static const struct strand *as_handler(const struct race *race,
                                       const struct access *access)
{
    const struct strand *strand = cast_strand(&race->cast, access->strand);
    return strand && strand->kind == STRAND_SIGNAL ? strand : NULL;
}

const char *describe_cure(struct arena *arena, const struct race *race)
{
    const struct access *later = &race->accesses[0];
    const struct access *earlier = &race->accesses[1];
    const struct strand *handler;
    if (race->memory.kind == MEMORY_DESCRIPTOR)
        return cure_close(arena, race);
    if (later->atomic != earlier->atomic && later->op != ACCESS_FREE &&
        earlier->op != ACCESS_FREE)
        return arena_printf(arena, "make the %s by %s atomic as well",
                            describe_op(&race->memory, later->atomic ? earlier : later),
                            describe_strand(arena, &race->cast,
                                            (later->atomic ? earlier : later)->strand));
    if ((handler = as_handler(race, later)))
        return cure_handler(arena, race, handler, earlier);
    if ((handler = as_handler(race, earlier)))
        return cure_handler(arena, race, handler, later);
    if (later->op == ACCESS_FREE || earlier->op == ACCESS_FREE)
        return cure_free(arena, race);
    const char *locks = cure_locks(arena, race);
    if (locks)
        return locks;
    if (is_ancestor(race, later->strand, earlier->strand))
        return arena_printf(
            arena,
            "let %s wait for %s before its %s (%s), or guard %s with one "
            "%s",
            describe_strand(arena, &race->cast, later->strand),
            describe_strand(arena, &race->cast, earlier->strand),
            describe_op(&race->memory, later), how_to_wait(race), noun(arena, race),
            has_goroutines(&race->cast) ? "goc_mutex" : "pthread_mutex_t");
    return cure_general(arena, race);
}
