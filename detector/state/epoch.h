/* An epoch: one moment of one strand's life, in a word.  FastTrack writes it c@t.
 *
 *   63             36 35 31 30                         0
 *   ┌────────────────┬─────┬────────────────────────────┐
 *   │ slot (28)      │  0  │ clock (31)                 │
 *   └────────────────┴─────┴────────────────────────────┘
 *
 * A slot is a place in vector clocks.  Strands that follow each other on a slot are
 * ordered (state/strand.h), so that one number still says for all of them what has been
 * seen; 268 million may be in use at once.  A clock ticks at each release: a strand that
 * releases ten million times a second wears a slot out in three and a half minutes and then moves
 * to another.  No epoch ever means two moments.  A clock is half a word less its sign, because
 * what joins of vector clocks cost is the memory that they go through (state/flat.h).
 *
 * Invariants: slot 0 belongs to nobody, clocks start at 1, so that 0 is no epoch.
 */
#ifndef GOC_STATE_EPOCH_H
#define GOC_STATE_EPOCH_H

#include <stdbool.h>
#include <stdint.h>

#define RACE_SLOT_BITS 28
#define RACE_CLOCK_BITS 31
#define RACE_EPOCH_SLOT_BIT 36
#define RACE_SLOT_MAX ((1u << RACE_SLOT_BITS) - 1)
#define RACE_CLOCK_MAX ((UINT64_C(1) << RACE_CLOCK_BITS) - 1)

typedef struct {
    uint64_t raw;
} race__epoch;

_Static_assert(RACE_SLOT_BITS + RACE_EPOCH_SLOT_BIT == 64, "an epoch is one word");

static const race__epoch race__no_epoch = {0};

static inline race__epoch race__epoch_make(uint32_t slot, uint64_t clock)
{
    return (race__epoch){.raw = (uint64_t)slot << RACE_EPOCH_SLOT_BIT | clock};
}

static inline uint32_t race__epoch_slot(race__epoch epoch)
{
    return (uint32_t)(epoch.raw >> RACE_EPOCH_SLOT_BIT);
}

static inline uint64_t race__epoch_clock(race__epoch epoch)
{
    return epoch.raw & RACE_CLOCK_MAX;
}

static inline bool race__epoch_same(race__epoch a, race__epoch b)
{
    return a.raw == b.raw;
}

static inline bool race__epoch_is_none(race__epoch epoch)
{
    return epoch.raw == 0;
}

/* Epochs of one strand that are one, state/strand.h: from the first to the last. */
typedef struct {
    race__epoch first;
    race__epoch last;
} race__run;

static inline bool race__run_has(race__run run, uint64_t epoch)
{
    return epoch - run.first.raw <= run.last.raw - run.first.raw;
}

#endif
