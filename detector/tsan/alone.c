/* -race=tsan: the bridge under the public names of goc/race.h, its start and its end. */
#include "base/compiler.h"
#include "base/environment.h"
#include "base/flags.h"
#include "base/sys.h"
#include "record/journal.h"
#include "tsan/bridge.h"
#include "tsan/interface.h"
#include "tsan/start.h"

#include <goc/race.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SILENT(name, parameters, arguments)                                              \
    RACE_EXPORT void goc_race_##name parameters                                          \
    {                                                                                    \
        race__tsan_##name arguments;                                                     \
    }

static struct race__tsan_strand *own(goc_strand *strand)
{
    return (struct race__tsan_strand *)strand;
}

RACE_EXPORT goc_strand *goc_race_strand_current(void)
{
    return (goc_strand *)race__tsan_strand_current();
}

RACE_EXPORT goc_strand *goc_race_strand_spawn(uint64_t id, const void *pc)
{
    return (goc_strand *)race__tsan_strand_spawn(id, pc);
}

RACE_EXPORT uint32_t goc_race_call_begin(const void *pc)
{
    race__tsan_call_begin(pc);
    return 0;
}

RACE_EXPORT void goc_race_call_end(uint32_t token)
{
    (void)token;
    race__tsan_call_end();
}

RACE_EXPORT bool goc_race_touch_begin(const void *area, const void *pc, bool row)
{
    (void)row;
    race__tsan_touch_begin(area, pc);
    return false;
}

/* goc_race_touch_begin has told it. */
RACE_EXPORT bool goc_race_touch_end(void)
{
    return false;
}

RACE_EXPORT bool goc_race_lock_use(const void *addr, const void *pc)
{
    race__tsan_read_at(addr, 1, pc);
    return false;
}

RACE_EXPORT void goc_race_lock_used(const void *addr, const char *kind, const void *pc)
{
    race__tsan_lock(addr, true, kind, pc);
}

RACE_EXPORT void goc_race_expect_orphans(void)
{
    // what TSan knows of a strand does not depend on who else may come
}

RACE_EXPORT void goc_race_tick(void)
{
    // TSan looks at all accesses
}

SILENT(strand_name_goroutine, (uint64_t id), (id))
SILENT(strand_switch, (goc_strand * strand), (own(strand)))
SILENT(strand_end, (goc_strand * strand), (own(strand)))
SILENT(internal_begin, (void), ())
SILENT(internal_end, (void), ())
SILENT(acquire, (const void *addr), (addr))
SILENT(release, (const void *addr), (addr))
SILENT(release_merge, (const void *addr), (addr))
SILENT(use_merge, (const void *addr, const void *pc), (addr, pc))
SILENT(release_acquire, (const void *addr), (addr))
SILENT(exchange, (const void *a, const void *b), (a, b))

/* Who waits is known by its object, and a slot by its address. */
#define MEETING(name, ours)                                                              \
    RACE_EXPORT void goc_race_##name(goc_strand *waiter, const void *object)             \
    {                                                                                    \
        (void)waiter;                                                                    \
        race__tsan_##ours(object);                                                       \
    }
MEETING(wait, release)
MEETING(waited, acquire)
MEETING(meet, release_acquire)
MEETING(hand, release)

RACE_EXPORT void goc_race_trade(struct goc_race_slot *slot)
{
    race__tsan_release_acquire(slot);
}

RACE_EXPORT void goc_race_trade_next(struct goc_race_slot *slot,
                                     struct goc_race_slot *before)
{
    (void)before;
    race__tsan_release_acquire(slot);
}

RACE_EXPORT bool goc_race_trade_again(struct goc_race_slot *slot,
                                      struct goc_race_slot *before)
{
    (void)slot;
    (void)before;
    return false;
}

RACE_EXPORT void goc_race_trade_for(struct goc_race_slot *slot, goc_strand *waiter,
                                    const void *object)
{
    (void)waiter;
    race__tsan_exchange(slot, object);
}

RACE_EXPORT void goc_race_slot_release(struct goc_race_slot *slot)
{
    race__tsan_release(slot);
}

/* Keys go with the memory. */
RACE_EXPORT void goc_race_slots_end(struct goc_race_slot *slots, size_t count)
{
    (void)slots, (void)count;
}

SILENT(lock, (const void *addr, bool exclusive, const char *kind, const void *pc),
       (addr, exclusive, kind, pc))
SILENT(unlock, (const void *addr, bool exclusive, const void *pc), (addr, exclusive, pc))
SILENT(trylock, (const void *addr, bool exclusive, const char *kind, const void *pc),
       (addr, exclusive, kind, pc))
SILENT(lock_wait, (const void *addr, bool exclusive, const char *kind, const void *pc),
       (addr, exclusive, kind, pc))
SILENT(lock_waited, (void), ())
SILENT(read_at, (const void *addr, size_t size, const void *pc), (addr, size, pc))
SILENT(touch, (const void *area, const void *pc), (area, pc))
SILENT(touch_late, (void), ())
SILENT(write_at, (const void *addr, size_t size, const void *pc), (addr, size, pc))
SILENT(memory_new, (const void *addr, size_t size, const char *kind, const void *pc),
       (addr, size, kind, pc))
SILENT(memory_free, (const void *addr, size_t size, const void *pc), (addr, size, pc))

RACE_EXPORT void __sanitizer_free_hook(const void *block)
{
    race__tsan_heap_free(block);
}

RACE_EXPORT int goc_race_exit(int status)
{
    status = race__tsan_status(status);
    race__journal_end(status);
    return status;
}

/* The end of every process that passes through exit.  What atexit registered has run, but
 * libc has yet to write out its streams. */
RACE_EXPORT bool race__tsan_on_finalize(bool failed)
{
    const int status = goc_race_exit(0);
    if (status == 0)
        return failed;
    (void)fflush(NULL);
    race__exit_process(status);
}

/* TSan's own would look at the calling context, which may be the scheduler's. */
RACE_EXPORT _Noreturn void _exit(int status)
{
    race__exit_process(goc_race_exit(status));
}

RACE_EXPORT _Noreturn void _Exit(int status)
{
    race__exit_process(goc_race_exit(status));
}

static void start(int count, char **arguments, char **environment)
{
    (void)count, (void)arguments;
    race__flags_read(race__variable(environment, "GOC_RACE"));
    race__tsan_start();
    race__journal_start();
}

/* Before any constructor.  Only a program has such an array. */
__attribute__((__section__(".preinit_array"),
               __used__)) static void (*const first)(int, char **, char **) = start;
