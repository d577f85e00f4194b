/* Audiences: who has read all of a KiB, said once instead of in each of its words.
 *
 * What several strands read again and again as a whole (a matrix, a table, a text) would get
 * a mark a word from each of them in each of its epochs.  An audience has one of them for the
 * KiB: a plain read of all of its bytes.  It is there for as long as nobody writes:
 *
 *   Invariant: while a KiB has an audience, each of its cells is other than 0, and each mark
 *   in its words that a plain read could conflict with is of an epoch in WRITE, or of an
 *   access that has not come to ask for the audience yet.
 *
 * So who reads all of the KiB and knows those epochs conflicts with nothing in its words,
 * and needs no look at them.  Whoever leaves a mark that writes asks afterwards whether
 * there is an audience: it compares itself with that one's marks, and they go into the
 * words, where they stand as if they had been put there (check/audience.h).
 *
 * Neither misses the other.  Who begins an audience sets the note first and then locks each
 * cell of the KiB in turn.  A writer locks the cell of its word before, and then its mark
 * is found; or after, and then it finds the note, which it asks for behind its mark.
 * Afterwards the audience's lock says who of two came first.
 *
 * Guard: the lock bit of the place, for the place and the audience it points to.  Taken
 * before a cell's lock, after a line's.
 */
#ifndef GOC_STATE_AUDIENCE_H
#define GOC_STATE_AUDIENCE_H

#include "state/shadow.h"

#define RACE_AUDIENCE_WRITES 3u // epochs
#define RACE_AUDIENCE_FIRST 6u  // marks: two lines of the cache
#define RACE_AUDIENCE_MOST 62u

struct race__audience {
    uint16_t count;    // of marks
    uint16_t capacity; // const
    uint32_t writes;   // how many epochs are in WRITE
    uint64_t write[RACE_AUDIENCE_WRITES];
    struct race__mark mark[]; // one a slot at the most
};

_Static_assert(sizeof(struct race__audience) == 2 * sizeof(struct race__mark),
               "a whole number of lines with the marks");

#define RACE_AUDIENCE_LOCK UINT64_C(1)

/* Where ADDR's KiB has its audience; the region must be live. */
static inline uint64_t *race__audience_place(uintptr_t addr)
{
    uintptr_t offset = addr & (RACE_REGION_SIZE - 1);
    return (uint64_t *)(race__region(addr) + RACE_AUDIENCES_OFFSET) +
           (offset >> RACE_NOTE_SHIFT);
}

/* Without the lock: has ADDR's KiB none, and is nobody about to begin one? */
static inline bool race__audience_is_none(uintptr_t addr)
{
    return load_relaxed(race__audience_place(addr)) == 0;
}

/* Answers what ADDR's KiB has, NULL for none; and it gets AUDIENCE, NULL for none, and the
 * note that goes with it. */
struct race__audience *race__audience_lock(uintptr_t addr);
void race__audience_unlock(uintptr_t addr, struct race__audience *audience);

/* An empty one, of nobody, and its end. */
struct race__audience *race__audience_open(uint32_t capacity);
void race__audience_close(struct race__audience *audience);

/* A mark more in *AUDIENCE, which may become another one; false where it has most. */
bool race__audience_put(struct race__audience **audience, struct race__mark mark);

/* AUDIENCE's marks go into the words of ADDR's KiB too. */
void race__audience_spread(uintptr_t addr, const struct race__audience *audience);

/* If ADDR's KiB has one, it ends; SPREAD: its marks go into the words. */
void race__audience_end(uintptr_t addr, bool spread);

#endif
