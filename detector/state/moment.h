/* Moments: an epoch and the locks held, as a number of 30 bits, so that a mark in a cell
 * needs no more of its 64.
 *
 * An epoch has a block of four moments, for as many sets of locks; one with more goes on
 * with another block.  A strand takes a block when it first leaves a mark in an epoch.  So
 * the number of the block says which epoch it was, whatever locks were held: that is what
 * repeated accesses are asked about.
 *
 * Numbers are had again: a block is free once its strand has left it and no cell names one
 * of its moments any more.  So there are never more numbers in use than there are marks,
 * however long the program runs.
 *
 * Counting.  A block's balance is what its strand has put, added when the strand leaves
 * it, minus what anybody has taken away.  Before that it is never above zero and only
 * falls; after it, it is the number of marks left: so whoever makes it zero was the last.
 * Taking away is collected a thread (race__moment_drop), which only delays the end.
 *
 * What a strand takes away is mostly its own, of an epoch or two before.  So it goes on counting
 * two more blocks than the present one, its past, by itself, and no atomic operation tells of what
 * it takes away of these.  One of which nothing is left is its next block: all of its marks were
 * counted here, so nobody else has taken away any, and the balance is zero.
 *
 * A block's epoch moves on where its strand's epochs are one (state/strand.h, "Taken back").
 * Who reads it meanwhile knows neither the old one nor the new one, so either will do.
 *
 * A block that its strand has put no mark under, none that is left, goes on as it is: what others
 * took away is not counted there, so there are not more marks than puts says.
 *
 * Reading a moment is right while a mark in a cell that the caller has locked names it,
 * or while it is the caller's own present one.  And where the epoch read is the caller's
 * present one, whoever looks: nobody else writes that.
 */
#ifndef GOC_STATE_MOMENT_H
#define GOC_STATE_MOMENT_H

#include "base/atomic.h"
#include "base/compiler.h"
#include "state/epoch.h"

#include <stdint.h>

#define RACE_MOMENT_BITS 30
#define RACE_MOMENT_SHIFT 2 // its last bits: which of the block's
#define RACE_MOMENTS_A_BLOCK (1u << RACE_MOMENT_SHIFT)

struct race__moments {
    int64_t balance; // atomic
    uint64_t epoch;  // atomic; while named const but for its owner; else the list's next
    uint32_t lockset[RACE_MOMENTS_A_BLOCK]; // const while named, as far as used
};

_Static_assert(sizeof(struct race__moments) == 32, "two to a line of the cache");

/* A strand's place among the moments. */
struct race__moment_owner {
    uint32_t now;  // owner: the present moment, 0 for none
    uint32_t last; // owner: the newest one of its block, 0 for none
    int64_t puts;  // owner: marks put under the present block's moments, less those the
                   // strand took away itself
};

#define RACE_MOMENTS_PAST 2

/* Free blocks of a thread, and what it has taken away of one block. */
struct race__moment_cache {
    uint32_t free;  // the first of a list
    uint32_t count; // its length
    uint32_t block; // 0 for none
    int64_t drops;  // of that block
};

extern struct race__moments *race__moment_blocks; // const after init

void race__moment_init(void);
/* Blocks that have ever been used. */
uint32_t race__moment_block_count(void);
/* For a fork: nobody takes or gives blocks. */
void race__moment_hold(bool hold);

/* The moment of OWNER for EPOCH and LOCKSET; 0 where all numbers are in use.  FALLBACK: a
 * lock set that will do where EPOCH has more than a block's; 0 where none will. */
uint32_t race__moment_take(struct race__moment_owner *owner, race__epoch epoch,
                           uint32_t lockset, uint32_t fallback);
/* The same where OWNER's block, if it has one, is of an earlier epoch: it is the first of PAST from
 * here on. */
uint32_t race__moment_next(struct race__moment_owner *owner,
                           struct race__moment_owner past[RACE_MOMENTS_PAST],
                           race__epoch epoch, uint32_t lockset);
/* OWNER's marks are of EPOCH, which stands for the one that they are of. */
void race__moment_renew(const struct race__moment_owner *owner, race__epoch epoch);
/* The latest mark under OWNER's present moment, in a cell that is locked, gets a block to itself:
 * answers its moment there, of the same epoch and locks, 0 where no number can be had.  OWNER may
 * be left without a moment. */
uint32_t race__moment_split(struct race__moment_owner *owner);
/* The same for the marks that entry/reread.c keeps in mind: the last but one of the block's
 * moments, and OWNER keeps its own. */
uint32_t race__moment_apart(struct race__moment_owner *owner);
#define RACE_MOMENT_APART 2u
/* Such a block is nobody's any more, whether it has its mark or not. */
void race__moment_let_go(uint32_t moment);
/* The strand goes on with another block, or ends. */
void race__moment_leave(struct race__moment_owner *owner);
/* The thread ends. */
void race__moment_cache_end(void);

static inline const struct race__moments *race__moments_of(uint32_t moment)
{
    return &race__moment_blocks[moment >> RACE_MOMENT_SHIFT];
}

/* For whoever made MOMENT's block apart from its strand's. */
static inline struct race__moments *race__moments_write(uint32_t moment)
{
    return &race__moment_blocks[moment >> RACE_MOMENT_SHIFT];
}

/* A block as the two above made is another epoch's; its mark's cell is locked, and has it. */
static inline void race__moment_move(uint32_t moment, race__epoch epoch)
{
    store_relaxed(&race__moment_blocks[moment >> RACE_MOMENT_SHIFT].epoch, epoch.raw);
}

static inline uint64_t race__moment_epoch(uint32_t moment)
{
    return load_relaxed(&race__moments_of(moment)->epoch);
}

static inline uint32_t race__moment_lockset(uint32_t moment)
{
    return race__moments_of(moment)->lockset[moment & (RACE_MOMENTS_A_BLOCK - 1)];
}

/* And its mark was left with LOCKSET. */
static inline void race__moment_hold_locks(uint32_t moment, uint32_t lockset)
{
    race__moment_blocks[moment >> RACE_MOMENT_SHIFT]
        .lockset[moment & (RACE_MOMENTS_A_BLOCK - 1)] = lockset;
}

/* A mark that named MOMENT has gone from its cell. */
RACE_PRESERVE void race__moment_drop_slow(uint32_t block);

extern RACE_THREAD_LOCAL struct race__moment_cache race__moment_cache;

/* COUNT of them, one at least. */
static RACE_INLINE void race__moment_drop_many(uint32_t moment, uint32_t count)
{
    uint32_t block = moment >> RACE_MOMENT_SHIFT;
    if (unlikely(race__moment_cache.block != block)) {
        race__moment_drop_slow(block);
        count--;
    }
    race__moment_cache.drops += count;
}

static RACE_INLINE void race__moment_drop(uint32_t moment)
{
    race__moment_drop_many(moment, 1);
}

static RACE_INLINE bool race__moment_is_of(uint32_t moment,
                                           const struct race__moment_owner *owner)
{
    return (moment ^ owner->last) >> RACE_MOMENT_SHIFT == 0;
}

/* The same, by the strand of OWNER: of its own block without further ado. */
static RACE_INLINE void race__moment_drop_own(struct race__moment_owner *owner,
                                              uint32_t moment, uint32_t count)
{
    if (race__moment_is_of(moment, owner))
        owner->puts -= count;
    else
        race__moment_drop_many(moment, count);
}

/* And of its past ones. */
static RACE_INLINE void race__moment_drop_past(struct race__moment_owner *owner,
                                               struct race__moment_owner *past,
                                               uint32_t moment, uint32_t count)
{
    _Static_assert(RACE_MOMENTS_PAST == 2, "both are asked");
    if (race__moment_is_of(moment, &past[0]))
        past[0].puts -= count;
    else if (race__moment_is_of(moment, &past[1]))
        past[1].puts -= count;
    else
        race__moment_drop_own(owner, moment, count);
}

#endif
