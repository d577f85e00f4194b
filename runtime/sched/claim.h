/* Entering and leaving the runtime, and taking a P from a thread that does neither.
 *
 * A goroutine may block its thread in plain libc without a word to the runtime.  Its P, with
 * all that is queued on it, must then go to another thread; yet entering the runtime must
 * cost a few plain instructions, because every channel operation does.  So entry and claim are
 * two sides of an asymmetric Dekker handshake on two words of the M:
 *
 *   enter, by the M itself (often)          claim, by another thread (seldom)
 *     E1  depth = depth + 1                   C1  cas(claim, NONE → ASKED by me)
 *     E2  compiler barrier                    C2  goc__barrier_heavy()
 *     E3  if claim is not NONE: slow          C3  if depth is not 0: cas(claim, ASKED by me → NONE), give up
 *     …   uses its P                          C4  cas(claim, ASKED by me → BORROWED or TAKEN), or give up
 *   leave                                     …   uses the M's P
 *     L1  depth = depth - 1 (release)         C5  BORROWED only: claim = NONE (release)
 *   slow, at E3
 *     S1  ASKED:     cas(claim, ASKED → NONE), look again
 *     S2  BORROWED:  wait until it is NONE
 *     S3  TAKEN:     the P is gone; find another, or queue the goroutine and sleep
 *
 * Claim.  M uses its P (between E3 and L1) and a claimer uses it (after C4) never at once.
 * Proof.  Take a claimer that has passed C4, and any entry of M.  By os/membarrier.h there
 * is a point in M's program order where the heavy barrier C2 acts.
 *   (a) E1 comes before that point.  Then C3 sees E1's store or a later one by M.  C3 saw 0, so it
 *       saw the store of a leave: M left after this entry.  The leave is a release and C3
 *       an acquire, so all that M did to its P happens before the claimer's use.
 *   (b) E1 comes after that point.  Then E3 does too, and it sees C1's store or a later one in
 *       claim's order.  ASKED leads to S1, whose cas fails, because C4's succeeded: one
 *       of the two moved the word first, and both expect ASKED.  (If M's succeeded, C4
 *       failed: not this claimer.)  BORROWED and TAKEN keep M away from the P.  NONE can
 *       only be C5's or a later store, and E3 is an acquire: M sees what the claimer did.  ∎
 *
 * Two claimers exclude each other by C1.  ASKED carries the claimer's number, because the word can
 * go ASKED → NONE (by S1) → ASKED (by a second claimer) between C3 and C4; a C4 that took the
 * second one's ASKED would meet an M that has just entered.
 *
 * What follows: a P's queues are plain memory.  Neither push nor pop is an atomic
 * read-modify-write; a thief borrows the P instead, or asks the owner to share.
 *
 * Internal locks, parks and the scheduler itself run at depth 1 or more, so a thread that
 * sleeps inside the runtime never loses its P.
 */
#ifndef GOC_SCHED_CLAIM_H
#define GOC_SCHED_CLAIM_H

#include "sched/gmp.h"

/* The low bits of m->claim; above them ASKED carries the number of who asks, and FROZEN what the
 * claim was before. */
enum claim {
    CLAIM_NONE,
    CLAIM_ASKED,
    CLAIM_BORROWED,
    CLAIM_TAKEN,
    CLAIM_FROZEN, /* the process is dying and prints its goroutines: enter no more */
    CLAIM_STUB,   /* not a thread's own M: goc__enter makes one */
    CLAIM_MASK = 7,
    CLAIM_SHIFT = 3,
};

/* What a thread has for an M before its first entry. */
struct m *goc__claim_stub(void);

/* The slow side of goc__enter.  Returns the M that the caller is on now. */
struct m *goc__enter_slow(struct m *m);

/* Enter the runtime; nests.  Afterwards the caller's P, if it has one, is its own until
 * the leave.  The outermost enter may move the caller to another thread, as a park does. */
static inline struct m *goc__enter(void)
{
    struct m *m = goc__m();
    store_relaxed(&m->depth, load_relaxed(&m->depth) + 1);
    compiler_barrier();
    if (UNLIKELY(load_acquire(&m->claim) != CLAIM_NONE))
        return goc__enter_slow(m);
    return m;
}

/* Leave the runtime.  M is the calling thread's. */
static inline void goc__leave(struct m *m)
{
    store_release(&m->depth, load_relaxed(&m->depth) - 1);
}

/* Use M's P for a moment while M is out of the runtime.
 * Returns  the P, the caller's own until goc__claim_return; NULL when M is in the runtime, has
 *          no P or is claimed by somebody else. */
struct p *goc__claim_borrow(struct m *m);
void goc__claim_return(struct m *m);

/* Take P away from M for good, provided that M holds it and is out of the runtime.
 * Afterwards the P is the caller's and M finds out when it next enters. */
bool goc__claim_take(struct m *m, struct p *p);

/* Has M lost its P and not noticed yet?  A guess. */
bool goc__claim_is_taken(const struct m *m);

/* Let no M enter the runtime any more, but the caller's. */
void goc__claim_freeze(void);

#endif
