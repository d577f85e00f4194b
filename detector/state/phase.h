/* Phases: which nestings of locks can be under way at the same time.
 *
 * Two threads that take two locks in opposite orders deadlock only where both can be at it
 * at once.  What a thread did before it created another, or before it was joined, cannot
 * meet what came after (Bensalem and Havelund, "Dynamic deadlock analysis of multi-threaded
 * programs", HVC 2005, call it segments).  The order of state/order.h says too much for
 * that question: it has the edges that locks gave, and which of two threads came first to a
 * lock is an accident of the run.
 *
 * So strands carry a second view, of order that no lock gave: creation and join, barriers,
 * semaphores, once, channels and waitgroups, messages, a condition's signals, and a load of
 * an atomic that reads what a release left.  A read-modify-write takes nothing from others:
 * counters that everybody adds to would order everybody, by accident again.  The view is
 * never a cause for a race report, and says rather too much than too little: a nesting that
 * it orders wrongly is one report less.
 *
 * Cost.  Only a strand that has nested locks has a slot in these views, with clocks that
 * have nothing to do with those of epochs; until the first nesting of the process nothing
 * is carried at all.  That loses nothing: order between two nestings comes after the first.
 *
 * A strand's slot goes to a later one that knows all that happened on it, so that clocks do
 * not grow with the number of strands that ever lived.
 *
 * Guard: as views.
 */
#ifndef GOC_STATE_PHASE_H
#define GOC_STATE_PHASE_H

#include "base/compiler.h"
#include "state/strand.h"
#include "state/sync.h"

extern bool race__phases_begun; // atomic, relaxed: set once

static RACE_INLINE bool race__phases_on(void)
{
    return unlikely(load_relaxed(&race__phases_begun));
}

/* STRAND is about to note a nesting: from here on its moments can be told apart. */
void race__phase_begin(goc_strand *strand);
/* STRAND has noted one at its present moment, or has ended and hands that on. */
void race__phase_noted(goc_strand *strand);

/* With the line of SYNC locked.  Leave, for others to take, what STRAND's phase knows:
 * instead of what is there, or added to it. */
void race__phase_leave(goc_strand *strand, struct race__sync *sync, bool instead);
void race__phase_take(goc_strand *strand, const struct race__sync *sync);
/* With both lines locked: what was left at either changes places. */
void race__phases_exchange(struct race__sync *a, struct race__sync *b);

/* What was left beside a channel's slot, by who has the slot; *THERE is made where there is none.
 * Trade leaves STRAND's and takes what was there; swap changes it for what is at SYNC. */
void race__phase_trade(goc_strand *strand, struct race__view **there);
void race__phases_swap(struct race__sync *sync, struct race__view **there);
void race__phase_drop(struct race__view *there); // NULL: nothing

/* CHILD begins with what PARENT knows; JOINER knows what ENDED did. */
void race__phase_inherit(goc_strand *child, goc_strand *parent);
void race__phase_join(goc_strand *joiner, const goc_strand *ended);
/* STRAND is about to be freed. */
void race__phase_end(goc_strand *strand);

/* Is one of the moments before the other?  Both are of different strands. */
bool race__phase_ordered(const struct race__view *a, const struct race__view *b);

/* For a fork: nobody takes or gives a slot. */
void race__phase_hold(bool hold);

#endif
