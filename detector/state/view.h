/* A view: what was before a moment, as one strand handed it on or several did.
 *
 * A strand's own view is its epoch with what it knows of others.  Handing it on shares
 * the clock and copies the word; the strand ticks right after.  So an epoch is published
 * with one clock only, and whoever knows the epoch knows all of that view:
 *
 *   Invariant: covers(v, u.own) and u was handed on  =>  v knows all that u knows.
 *
 * That makes the acquire of what one knows already (a mutex taken twice by the same
 * strand, a channel one has read before) one comparison.  A view put together of several
 * has no own epoch: everything stands in its clock.
 *
 * Joining two clocks costs as much as they differ, and two that went separate ways for long
 * differ everywhere, though one of them may know all that matters: a thousand strands that
 * each take a lock and then leave a waitgroup know each other twice, one step apart.  So a
 * clock has an epoch, SINCE: whoever knows that, knows all that is in the clock, and need not
 * look (the idea of tree clocks, Mathur et al., ASPLOS 2022).  Nodes of the clock have theirs
 * too, which leaves of a join what neither side knows of the other.
 *
 *   Invariant: covers(v, since) => v knows all of KNOWN.
 *
 * And a clock is not copied for one epoch more: the last few stand beside it, in TAIL, and go
 * into it together.  So a strand that is born, or two that take turns, share one clock.  They go
 * into it as well when it has just been joined with another, and is nobody else's: and with
 * them OWN, which is the stamp of its new nodes, so that the clock itself knows its stamps.
 *
 *   Invariant: what a view knows is KNOWN, TAIL and OWN together; TAIL has no two epochs of
 *   a slot, none that KNOWN has, and none behind its first hole.
 *
 * Guard: the strand that has it, or the lock of the line it is in.
 */
#ifndef GOC_STATE_VIEW_H
#define GOC_STATE_VIEW_H

#include "base/compiler.h"
#include "state/clock.h"

#define RACE_TAIL_MAX 4

struct race__view {
    race__clock *known; // owned
    race__epoch since;  // of KNOWN; none where no strand's epoch says it all
    race__epoch own;    // none in a view put together
    race__epoch tail[RACE_TAIL_MAX];
};

static inline bool race__view_is_empty(const struct race__view *view)
{
    return view->known == NULL && race__epoch_is_none(view->own) &&
           race__epoch_is_none(view->tail[0]);
}

/* Is B the same moment of the same slot as A, or one before? */
static inline bool race__epoch_covers(race__epoch a, race__epoch b)
{
    return a.raw - b.raw <= RACE_CLOCK_MAX && race__epoch_slot(a) == race__epoch_slot(b);
}

/* Does VIEW have EPOCH beside its clock? */
static inline bool race__view_has_beside(const struct race__view *view, race__epoch epoch)
{
    if (race__epoch_covers(view->own, epoch))
        return true;
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(view->tail[i]); i++)
        if (race__epoch_covers(view->tail[i], epoch))
            return true;
    return false;
}

static inline bool race__view_covers(const struct race__view *view, race__epoch epoch)
{
    return race__view_has_beside(view, epoch) || race__clock_covers(view->known, epoch);
}

/* The same where EPOCH is most likely one of the view's own strand, apart from the rest. */
RACE_PRESERVE bool race__view_covers_slow(const struct race__view *view,
                                          race__epoch epoch);

static RACE_INLINE bool race__view_covers_own(const struct race__view *view,
                                              race__epoch epoch)
{
    return likely(race__epoch_covers(view->own, epoch)) ||
           race__view_covers_slow(view, epoch);
}

struct race__view race__view_share(const struct race__view *view);
/* VIEW is empty afterwards. */
void race__view_drop(struct race__view *view);
/* Does VIEW know what FROM does, but for FROM's own epoch?  False may be said of what it knows. */
bool race__view_knows_rest(const struct race__view *view, const struct race__view *from);
/* The latest epoch of EPOCH's slot that VIEW knows; none where it knows none. */
race__epoch race__view_latest(const struct race__view *view, race__epoch epoch);
/* VIEW, which has just learned something, is to know no more of EPOCH's slot than LATEST, if its
 * clock is flat and nobody else's. */
void race__view_lower(struct race__view *view, race__epoch epoch, race__epoch latest);
/* TO becomes a share of FROM. */
void race__view_replace(struct race__view *to, const struct race__view *from);
/* TO gets to know what FROM knows; its own epoch may dissolve in its clock. */
void race__view_merge(struct race__view *to, const struct race__view *from);
/* As merge, for a strand's view: its own epoch stays. */
void race__view_acquire(struct race__view *strand, const struct race__view *from);
/* As acquire; FROM is used up. */
void race__view_take(struct race__view *strand, struct race__view *from);
/* LEFT is what STRAND's view was before its present epoch, clock and all, and TAKEN something else
 * that was left.  Where the clocks of both are flat and nobody else has them, STRAND gets to know
 * what TAKEN says in TAKEN's clock, which is used up, so that LEFT may keep the other.  False where
 * not: then nothing has changed. */
bool race__view_swap(struct race__view *strand, const struct race__view *left,
                     const struct race__view *taken);
/* A and B, which are two strands', both come to know what both know, if that is more than a few
 * epochs, and their clocks are flat.  False where not: then nothing has changed that anybody
 * could ask for. */
bool race__view_meet(struct race__view *a, struct race__view *b);
/* The same for two that have met before, and nobody of whom the other does not know since: what is
 * new to each is the other's own epoch. */
static inline bool race__view_meet_again(struct race__view *a, struct race__view *b)
{
    unsigned at = 0;
    if (a->known != b->known)
        return false;
    while (a->tail[at].raw == b->tail[at].raw) {
        if (race__epoch_is_none(a->tail[at]))
            return false;
        at++;
        if (at == RACE_TAIL_MAX)
            return false;
    }
    if (race__epoch_slot(a->tail[at]) != race__epoch_slot(b->own) ||
        race__epoch_slot(b->tail[at]) != race__epoch_slot(a->own))
        return false;
    for (unsigned i = at + 1; i < RACE_TAIL_MAX; i++) {
        if (a->tail[i].raw != b->tail[i].raw)
            return false;
        if (race__epoch_is_none(a->tail[i]))
            break;
    }
    a->tail[at] = b->own;
    b->tail[at] = a->own;
    return true;
}

/* CHILD, which is empty, begins with what PARENT knows.  Where more than one epoch stands beside
 * PARENT's clock they go into it first: once, and not again with each child and with whoever hears
 * of it. */
void race__view_inherit(struct race__view *child, struct race__view *parent);
/* TO, a view put together, gets to know what FROM knows without its own epoch, where that is next
 * to nothing: else it stays as it is, and the answer is false. */
bool race__view_merge_beside(struct race__view *to, const struct race__view *from);
/* VIEW, put together, gets to know COUNT EPOCHS, of strands of which it knows what they know. */
void race__view_add_all(struct race__view *view, const race__epoch *epochs,
                        uint32_t count);
/* The own epoch, which has been handed on, becomes one that is known, and the view has
 * none. */
void race__view_dissolve(struct race__view *view);

#endif
