/* The only door from the runtime to a race detector.
 *
 * With GOC_RACE each event is one call of detector/include/goc/race.h; without it every
 * function here is empty: no branch, no load.  Nothing else in the runtime knows whether a
 * detector listens.
 */
#ifndef GOC_EVENTS_EVENTS_H
#define GOC_EVENTS_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The user's call site, for the functions below that take a pc.  Only a public function of
 * the runtime may use it, and only before it calls on. */
#ifdef GOC_RACE
#define EVENT_CALLER_PC() __builtin_return_address(0)
#else
#define EVENT_CALLER_PC() ((const void *)0)
#endif

#ifdef GOC_RACE
#include <goc/race.h>
typedef goc_strand event_strand;
typedef struct goc_race_slot event_slot;
#define EVENT_TOUCH_SIZE GOC_RACE_TOUCH_SIZE
#define EVENT_CALL(result, name, parameters, arguments)                                  \
    static inline result event_##name parameters                                         \
    {                                                                                    \
        return goc_race_##name arguments;                                                \
    }
#define EVENT_NONE(name, parameters, arguments)                                          \
    static inline void event_##name parameters                                           \
    {                                                                                    \
        goc_race_##name arguments;                                                       \
    }
#else
typedef struct event_strand event_strand;
typedef struct event_slot event_slot;
#define EVENT_TOUCH_SIZE 0
#define EVENT_CALL(result, name, parameters, arguments)                                  \
    static inline result event_##name parameters                                         \
    {                                                                                    \
        return (result)0;                                                                \
    }
#define EVENT_NONE(name, parameters, arguments)                                          \
    static inline void event_##name parameters {}
#endif

#ifndef GOC_RACE
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif

/* Strands: one a goroutine.  Meanings stand in goc/race.h. */
EVENT_CALL(event_strand *, strand_current, (void), ())
EVENT_CALL(event_strand *, strand_spawn, (uint64_t id, const void *pc), (id, pc))
EVENT_NONE(expect_orphans, (void), ())
EVENT_NONE(strand_name_goroutine, (uint64_t id), (id))
EVENT_NONE(strand_switch, (event_strand * strand), (strand))
EVENT_NONE(strand_end, (event_strand * strand), (strand))
EVENT_NONE(internal_begin, (void), ())
EVENT_NONE(internal_end, (void), ())
EVENT_NONE(tick, (void), ())

/* Order. */
EVENT_NONE(acquire, (const void *addr), (addr))
EVENT_NONE(release, (const void *addr), (addr))
EVENT_NONE(release_merge, (const void *addr), (addr))
EVENT_NONE(use_merge, (const void *addr, const void *pc), (addr, pc))
EVENT_NONE(release_acquire, (const void *addr), (addr))
EVENT_NONE(exchange, (const void *a, const void *b), (a, b))
EVENT_NONE(wait, (event_strand * waiter, const void *own), (waiter, own))
EVENT_NONE(waited, (event_strand * waiter, const void *own), (waiter, own))
EVENT_NONE(meet, (event_strand * waiter, const void *own), (waiter, own))
EVENT_NONE(hand, (event_strand * waiter, const void *own), (waiter, own))
EVENT_NONE(trade, (event_slot * slot), (slot))
EVENT_NONE(trade_next, (event_slot * slot, event_slot *before), (slot, before))
EVENT_CALL(bool, trade_again, (event_slot * slot, event_slot *before), (slot, before))
EVENT_NONE(trade_for, (event_slot * slot, event_strand *waiter, const void *own),
           (slot, waiter, own))
EVENT_NONE(slot_release, (event_slot * slot), (slot))
EVENT_NONE(slots_end, (event_slot * slots, size_t count), (slots, count))
EVENT_NONE(lock, (const void *addr, bool exclusive, const char *kind, const void *pc),
           (addr, exclusive, kind, pc))
EVENT_NONE(unlock, (const void *addr, bool exclusive, const void *pc),
           (addr, exclusive, pc))
EVENT_NONE(trylock, (const void *addr, bool exclusive, const char *kind, const void *pc),
           (addr, exclusive, kind, pc))
EVENT_CALL(bool, lock_use, (const void *addr, const void *pc), (addr, pc))
EVENT_NONE(lock_used, (const void *addr, const char *kind, const void *pc),
           (addr, kind, pc))
EVENT_NONE(lock_wait,
           (const void *addr, bool exclusive, const char *kind, const void *pc),
           (addr, exclusive, kind, pc))
EVENT_NONE(lock_waited, (void), ())

/* Memory that the runtime touches or hands out for the user. */
EVENT_NONE(read_at, (const void *addr, size_t size, const void *pc), (addr, size, pc))
EVENT_NONE(touch, (const void *area, const void *pc), (area, pc))
EVENT_CALL(bool, touch_begin, (const void *area, const void *pc, bool row),
           (area, pc, row))
EVENT_CALL(bool, touch_end, (void), ())
EVENT_NONE(touch_late, (void), ())
EVENT_NONE(write_at, (const void *addr, size_t size, const void *pc), (addr, size, pc))
EVENT_CALL(uint32_t, call_begin, (const void *pc), (pc))
EVENT_NONE(call_end, (uint32_t token), (token))
EVENT_NONE(memory_new, (const void *addr, size_t size, const char *kind, const void *pc),
           (addr, size, kind, pc))
EVENT_NONE(memory_free, (const void *addr, size_t size, const void *pc), (addr, size, pc))

#ifndef GOC_RACE
#pragma GCC diagnostic pop
#endif

/* The synchronisation object at ADDR is used: who makes, overwrites or frees it meanwhile races.
 * One byte stands for all of it, as with the objects of pthreads.  To be told before what the
 * operation releases and before it waits, so that whoever it lets go on may free the object. */
static inline void event_use(const void *addr, const void *pc)
{
    event_read_at(addr, 1, pc);
}

/* The status to end with: 66 after a race, else STATUS. */
static inline int event_exit_status(int status)
{
#ifdef GOC_RACE
    return goc_race_exit(status);
#else
    return status;
#endif
}

#undef EVENT_CALL
#undef EVENT_NONE
#endif
