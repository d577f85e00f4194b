/* Sweeps: who has read a piece of a line of the cache, said once instead of in each of its words.
 *
 * Whoever goes through memory that is written now and then, in one epoch after the other, would put
 * a read beside the write in each word, each time.  A line's sweep is one read of some of its 64
 * bytes, in the long form, which needs no moment: the last one that conflicted with nothing there.
 *
 *   Invariant: while a sweep has bytes of a word, the word's cell is other than 0.
 *
 * Whoever leaves a mark that writes asks afterwards whether a sweep has its bytes (check/sweep.h).
 * A sweep that is ordered before the write stays where it is, though the write stands for it, until
 * the next one: it conflicts with nobody but who races with it.
 *
 * Neither misses the other.  Who sweeps sets the note, takes the sweep's lock, and looks at each
 * word's cell while it has that; a writer locks the cell of its word before it asks for the note
 * and then for the sweep, and taking a lock is an instruction that nothing passes.  So either
 * the writer's lock came first, and its mark or the lock is found; or it came later, and it finds
 * the note, and the sweep or its lock.
 *
 * Guard: the lock bit of EPOCH, for all of it.  Taken before a cell's lock, after a line's.
 */
#ifndef GOC_STATE_SWEEP_H
#define GOC_STATE_SWEEP_H

#include "state/shadow.h"

#define RACE_SWEEP_LOCK (UINT64_C(1) << 31) // an epoch has it as 0

struct race__sweep {
    uint64_t epoch; // atomic: whose and when, a race__epoch's raw; 0: there is none
    uint64_t tag;   // lock bit: without bytes
    uint64_t bytes; // atomic: of the line, written with the lock bit
    uint64_t unused;
};

_Static_assert(sizeof(struct race__sweep) == RACE_SWEEP_BYTES,
               "a whole number to a page");

/* That of ADDR's line; the region must be live. */
static RACE_INLINE struct race__sweep *race__sweep_of(uintptr_t addr)
{
    uintptr_t offset = addr & (RACE_REGION_SIZE - 1);
    return (struct race__sweep *)(race__region(addr) + RACE_SWEEPS_OFFSET) +
           (offset >> RACE_LINE_SHIFT);
}

/* The bytes of [ADDR, END), of one line. */
static RACE_INLINE uint64_t race__sweep_bytes(uintptr_t addr, uintptr_t end)
{
    return UINT64_MAX >> (64 - (end - addr)) << (addr & 63);
}

/* Answers the epoch as it was. */
uint64_t race__sweep_lock(struct race__sweep *sweep);

static inline void race__sweep_unlock(struct race__sweep *sweep, uint64_t epoch)
{
    store_release(&sweep->epoch, epoch);
}

/* What sweeps have of [ADDR, END), of one KiB, goes; SPREAD: into the words. */
void race__sweep_end(uintptr_t addr, uintptr_t end, bool spread);

/* The sweeps of [ADDR, END), of one region, have ended: whole pages of them are given back. */
void race__sweep_release(uintptr_t addr, uintptr_t end);

#endif
