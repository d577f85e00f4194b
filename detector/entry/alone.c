/* goc/race.h where goc's detector is the only one that listens. */
#include "base/compiler.h"
#include "entry/events.h"

#define EVENT(result, name, parameters, arguments)                                       \
    RACE_EXPORT result goc_race_##name parameters                                        \
    {                                                                                    \
        return race__on_##name arguments;                                                \
    }
#define SILENT(name, parameters, arguments)                                              \
    RACE_EXPORT void goc_race_##name parameters                                          \
    {                                                                                    \
        race__on_##name arguments;                                                       \
    }

EVENT(goc_strand *, strand_current, (void), ())
SILENT(strand_name_goroutine, (uint64_t id), (id))
EVENT(goc_strand *, strand_spawn, (uint64_t id, const void *pc), (id, pc))
SILENT(expect_orphans, (void), ())
SILENT(strand_switch, (goc_strand * strand), (strand))
SILENT(strand_end, (goc_strand * strand), (strand))
SILENT(internal_begin, (void), ())
SILENT(internal_end, (void), ())
SILENT(tick, (void), ())
SILENT(acquire, (const void *addr), (addr))
SILENT(release, (const void *addr), (addr))
SILENT(release_merge, (const void *addr), (addr))
SILENT(use_merge, (const void *addr, const void *pc), (addr, pc))
SILENT(release_acquire, (const void *addr), (addr))
SILENT(exchange, (const void *a, const void *b), (a, b))
SILENT(wait, (goc_strand * waiter, const void *own), (waiter, own))
SILENT(waited, (goc_strand * waiter, const void *own), (waiter, own))
SILENT(meet, (goc_strand * waiter, const void *own), (waiter, own))
SILENT(hand, (goc_strand * waiter, const void *own), (waiter, own))
SILENT(trade, (struct goc_race_slot * slot), (slot))
SILENT(trade_next, (struct goc_race_slot * slot, struct goc_race_slot *before),
       (slot, before))
EVENT(bool, trade_again, (struct goc_race_slot * slot, struct goc_race_slot *before),
      (slot, before))
SILENT(trade_for, (struct goc_race_slot * slot, goc_strand *waiter, const void *own),
       (slot, waiter, own))
SILENT(slot_release, (struct goc_race_slot * slot), (slot))
SILENT(slots_end, (struct goc_race_slot * slots, size_t count), (slots, count))
SILENT(lock, (const void *addr, bool exclusive, const char *kind, const void *pc),
       (addr, exclusive, kind, pc))
SILENT(unlock, (const void *addr, bool exclusive, const void *pc), (addr, exclusive, pc))
SILENT(trylock, (const void *addr, bool exclusive, const char *kind, const void *pc),
       (addr, exclusive, kind, pc))
EVENT(bool, lock_use, (const void *addr, const void *pc), (addr, pc))
SILENT(lock_used, (const void *addr, const char *kind, const void *pc), (addr, kind, pc))
SILENT(lock_wait, (const void *addr, bool exclusive, const char *kind, const void *pc),
       (addr, exclusive, kind, pc))
SILENT(lock_waited, (void), ())
SILENT(read_at, (const void *addr, size_t size, const void *pc), (addr, size, pc))
SILENT(touch, (const void *area, const void *pc), (area, pc))
EVENT(bool, touch_begin, (const void *area, const void *pc, bool row), (area, pc, row))
EVENT(bool, touch_end, (void), ())
SILENT(touch_late, (void), ())
SILENT(write_at, (const void *addr, size_t size, const void *pc), (addr, size, pc))
EVENT(uint32_t, call_begin, (const void *pc), (pc))
SILENT(call_end, (uint32_t token), (token))
SILENT(memory_new, (const void *addr, size_t size, const char *kind, const void *pc),
       (addr, size, kind, pc))
SILENT(memory_free, (const void *addr, size_t size, const void *pc), (addr, size, pc))
EVENT(int, exit, (int status), (status))
