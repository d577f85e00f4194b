/* A lock that one thread keeps taking is reserved for it: no locked instruction any more.
 *
 * An atomic read-modify-write costs what twenty plain instructions do, also when nobody else
 * has ever seen the lock.  A biased one is taken and left by its thread with plain stores; who
 * else wants it revokes the bias first, and pays for both sides by a barrier on all CPUs.
 *
 * Each M has a few slots.  A bias is a slot that names the lock, and a word in the lock that
 * names the slot.  The slot's HELD says how often the thread has the lock: for the M's thread
 * alone to write, by
 *
 *   change, by the thread (often)         revoke, by anybody (seldom), under the M's bias lock
 *     T1  object is the lock, else: slow    R1  object = NULL
 *     T2  held = new                        R2  goc__barrier_heavy()
 *     T3  compiler barrier                  R3  n = held
 *     T4  object still the lock: done       R4  give the lock n holders of the common kind, and
 *     T5  wait until seen is written;           take the slot's name out of it
 *         done if it is NEW                 R5  seen = n
 *
 * Claim.  A change counts for its thread (done) exactly when it counts for the revoker (n is its
 * HELD, or a later one).
 * Proof.  By os/membarrier.h there is a point in the thread's program order where R2 acts.
 *   (a) T4 comes before it.  Then so does T2: n is this NEW or that of a later change.
 *   (b) T1 comes after it.  Then it sees R1, and nothing is changed.
 *   (c) The point lies between T1 and T4, of one change at most.  T4 sees R1, and T5 goes by what
 *       R3 saw: NEW, or, where the point comes before T2, perhaps what was there before.  ∎
 *
 * A change that does not count has not been made: the lock is then a common one, that has the
 * holders it had, and the thread goes the common way.  R3 acquires what T2 released: all that was
 * done under the lock.
 *
 * Lifetime.  After T2 of an unlock the thread looks at its slot alone, which is never unmapped;
 * so who locks next may free the lock.  A lock may be forgotten without a word, for a slot is
 * used again for another lock when its owner likes, if HELD is 0: a word that names a slot whose
 * object is another lock means nothing.  Only the owner gives its slots, and not within a
 * change, so between T1 and T5 the slot cannot become another lock's; between T1 and T5 nothing
 * enters the runtime, so it is the same thread.  A thread that ends leaves its M, with
 * the slots, to a later one.
 *
 * What it costs.  A thread thinks of a bias once in BIAS_EVERY times that it takes a common lock,
 * and then of that one; and once a millisecond at most.  A revocation (some microseconds, for all
 * CPUs) doubles that pause for all threads, up to a second, and bars the thread whose bias it was
 * for so long; a bias that is not revoked before its thread's next one halves it.
 *
 * After Kawachiya, Koseki and Onodera, "Lock reservation", OOPSLA 2002; Dice, Moir and
 * Scherer, "Quickly reacquirable locks" (2003), who put the order on the revoker.  Deviation:
 * HELD is not in the lock, because unlock must not touch that once it is free.
 */
#ifndef GOC_SYNC_BIAS_H
#define GOC_SYNC_BIAS_H

#include "sched/gmp.h"

#include <goc/sync_inline.h>

#define BIASED GOC__BIASED

enum {
    BIAS_SLOTS = 16,    /* of an M */
    BIAS_MS_MAX = 1024, /* the Ms that have slots */
    BIAS_EVERY = 1000,
};

_Static_assert(sizeof(struct goc__bias_slot) == 32,
               "a word is BIASED and a multiple of it");

#define BIAS_UNSEEN UINT32_MAX

struct bias {
    struct goc__bias_slot *slots; /* const: BIAS_SLOTS of goc__bias_slots */
    struct lock lock;
    uint32_t next;      /* owner: which slot to use again */
    bool revoked;       /* lock: one of its biases, since it last gave one */
    int64_t not_before; /* lock: no bias before this time */
};

/* The slot that WORD, of a lock, names. */
static inline struct goc__bias_slot *goc__bias_slot(uint32_t word)
{
    char *slots = load_relaxed(&goc__bias_slots);
    return (struct goc__bias_slot *)(void *)(slots + (word & ~BIASED));
}

/* T1: the slot by which the calling thread has a bias for OBJECT, whose word is WORD; else NULL.
 * This and the next as in goc/sync_inline.h, over base/atomic.h. */
static inline struct goc__bias_slot *bias_of(const void *object, uint32_t word)
{
    if (!(word & BIASED))
        return NULL;
    struct goc__bias_slot *slot = goc__bias_slot(word);
    bool mine = slot->owner == goc__m() && load_relaxed(&slot->object) == object;
    return mine ? slot : NULL;
}

/* T2 to T5.  False: the bias is gone, and the lock a common one with the holders it had before.
 * After bias_of, with nothing between that may park. */
static inline bool bias_change(struct goc__bias_slot *slot, const void *object,
                               uint32_t held)
{
    store_release(&slot->held, held);
    compiler_barrier();
    return load_acquire(&slot->object) == object || goc__bias_counts(slot, held);
}

/* Is it time for the calling thread to give a bias?  Counts anew then. */
static inline bool goc__bias_is_due(void)
{
    if (load_relaxed(&goc__bias_left) >= 0)
        return false;
    store_relaxed(&goc__bias_left, BIAS_EVERY);
    return true;
}

/* A slot for OBJECT, which the calling thread has by common means, to be held HELD times.  Calls
 * ADOPT with the word that names the slot, which goes from the common means to the bias by one
 * atomic step; or not, and says so.  Does nothing where it is too early, or no slot is free. */
void goc__bias_give(void *object, uint32_t held,
                    bool (*adopt)(void *object, uint32_t word));

/* R1 to R3, and R5.  WORDP is OBJECT's word, WORD what was seen there.  Where it still is and its
 * slot is OBJECT's, calls FOLD, which is R4, with the holders; 0 where the slot is another's. */
void goc__bias_revoke(uint32_t *wordp, uint32_t word, void *object,
                      void (*fold)(void *object, uint32_t held));

#endif
