/* -race=both: each event to goc's detector and to TSan, on the same run.
 *
 * A strand is a pair.  A thread's own pair is thread-local; it is made when first asked for
 * and gone with the thread, as the strands themselves are.
 */
#include "base/compiler.h"
#include "entry/events.h"
#include "record/journal.h"
#include "state/slab.h"
#include "tsan/bridge.h"
#include "tsan/interface.h"
#include "tsan/start.h"

#include <goc/race.h>

struct pair {
    goc_strand *goc;
    struct race__tsan_strand *tsan;
};

static RACE_THREAD_LOCAL struct {
    struct pair *current;
    struct pair own;
} self;

#define SILENT(name, parameters, arguments)                                              \
    RACE_EXPORT void goc_race_##name parameters                                          \
    {                                                                                    \
        race__on_##name arguments;                                                       \
        race__tsan_##name arguments;                                                     \
    }

static goc_strand *public(struct pair *pair)
{
    return (goc_strand *)pair;
}

RACE_EXPORT goc_strand *goc_race_strand_current(void)
{
    goc_strand *goc = race__on_strand_current();
    if (self.current == NULL && goc != NULL) {
        self.own = (struct pair){.goc = goc, .tsan = race__tsan_strand_current()};
        self.current = &self.own;
    }
    return public(self.current);
}

RACE_EXPORT goc_strand *goc_race_strand_spawn(uint64_t id, const void *pc)
{
    struct pair *pair = race__slab_alloc(sizeof *pair);
    pair->goc = race__on_strand_spawn(id, pc);
    pair->tsan = race__tsan_strand_spawn(id, pc);
    return public(pair);
}

RACE_EXPORT void goc_race_strand_switch(goc_strand *strand)
{
    struct pair *pair = (struct pair *)strand;
    self.current = pair;
    race__on_strand_switch(pair != NULL ? pair->goc : NULL);
    race__tsan_strand_switch(pair != NULL ? pair->tsan : NULL);
}

RACE_EXPORT void goc_race_strand_end(goc_strand *strand)
{
    struct pair *pair = (struct pair *)strand;
    const bool thread_owned = race__tsan_strand_is_thread(pair->tsan);
    if (self.current == pair)
        self.current = NULL;
    race__on_strand_end(pair->goc);
    race__tsan_strand_end(pair->tsan);
    if (!thread_owned)
        race__slab_free(pair, sizeof *pair);
}

RACE_EXPORT uint32_t goc_race_call_begin(const void *pc)
{
    race__tsan_call_begin(pc);
    return race__on_call_begin(pc);
}

RACE_EXPORT void goc_race_call_end(uint32_t token)
{
    race__on_call_end(token);
    race__tsan_call_end();
}

RACE_EXPORT bool goc_race_touch_begin(const void *area, const void *pc, bool row)
{
    race__tsan_touch_begin(area, pc);
    return race__on_touch_begin(area, pc, row);
}

RACE_EXPORT bool goc_race_touch_end(void)
{
    return race__on_touch_end();
}

RACE_EXPORT bool goc_race_lock_use(const void *addr, const void *pc)
{
    race__tsan_read_at(addr, 1, pc);
    return race__on_lock_use(addr, pc);
}

RACE_EXPORT void goc_race_lock_used(const void *addr, const char *kind, const void *pc)
{
    race__on_lock_used(addr, kind, pc);
    race__tsan_lock(addr, true, kind, pc);
}

RACE_EXPORT void goc_race_expect_orphans(void)
{
    race__on_expect_orphans();
}

RACE_EXPORT void goc_race_tick(void)
{
    race__on_tick();
}

SILENT(strand_name_goroutine, (uint64_t id), (id))
SILENT(internal_begin, (void), ())
SILENT(internal_end, (void), ())
SILENT(acquire, (const void *addr), (addr))
SILENT(release, (const void *addr), (addr))
SILENT(release_merge, (const void *addr), (addr))
SILENT(use_merge, (const void *addr, const void *pc), (addr, pc))
SILENT(release_acquire, (const void *addr), (addr))
SILENT(exchange, (const void *a, const void *b), (a, b))

static goc_strand *goc_of(goc_strand *strand)
{
    const struct pair *pair = (const struct pair *)strand;
    return pair != NULL ? pair->goc : NULL;
}

/* goc's detector goes by the strand of who waits, TSan by its object. */
#define MEETING(name, tsan_name)                                                         \
    RACE_EXPORT void goc_race_##name(goc_strand *waiter, const void *own)                \
    {                                                                                    \
        race__on_##name(goc_of(waiter), own);                                            \
        race__tsan_##tsan_name(own);                                                     \
    }
MEETING(wait, release)
MEETING(waited, acquire)
MEETING(meet, release_acquire)
MEETING(hand, release)

RACE_EXPORT void goc_race_trade(struct goc_race_slot *slot)
{
    race__on_trade(slot);
    race__tsan_release_acquire(slot);
}

RACE_EXPORT void goc_race_trade_next(struct goc_race_slot *slot,
                                     struct goc_race_slot *before)
{
    race__on_trade_next(slot, before);
    race__tsan_release_acquire(slot);
}

RACE_EXPORT bool goc_race_trade_again(struct goc_race_slot *slot,
                                      struct goc_race_slot *before)
{
    bool traded = race__on_trade_again(slot, before);
    if (traded)
        race__tsan_release_acquire(slot);
    return traded;
}

RACE_EXPORT void goc_race_trade_for(struct goc_race_slot *slot, goc_strand *waiter,
                                    const void *own)
{
    race__on_trade_for(slot, goc_of(waiter), own);
    race__tsan_exchange(slot, own);
}

RACE_EXPORT void goc_race_slot_release(struct goc_race_slot *slot)
{
    race__on_slot_release(slot);
    race__tsan_release(slot);
}

RACE_EXPORT void goc_race_slots_end(struct goc_race_slot *slots, size_t count)
{
    race__on_slots_end(slots, count);
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

RACE_EXPORT int goc_race_exit(int status)
{
    return race__on_exit(race__tsan_status(status));
}

/* After goc's detector has read the options in .preinit_array. */
__attribute__((__constructor__(101))) static void start(void)
{
    race__tsan_start();
}
