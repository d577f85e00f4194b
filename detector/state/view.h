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
 * Parts.  Joining two clocks costs as much as they differ, and two that went separate ways
 * for long differ everywhere, though one of them may know all that matters: a thousand
 * strands that each take a lock and then leave a waitgroup know each other twice, one step
 * apart.  So a view remembers the last few views it was put together of, each with its
 * epoch.  A part whose epoch the other side covers need not be joined (the idea of tree
 * clocks, Mathur et al., ASPLOS 2022, with a tree of depth one):
 *
 *   Invariant: what a view knows is the union of its parts' views.
 *
 * parts is NULL for a view that knows nothing, and for one of more parts than are kept.
 *
 * Guard: the strand that has it, or the lock of the line it is in.
 */
#ifndef GOC_STATE_VIEW_H
#define GOC_STATE_VIEW_H

#include "state/clock.h"

#define RACE_PARTS_MAX 4

/* What was handed on under an epoch. */
struct race__part {
    race__epoch epoch;
    race__clock *clock; // owned by whoever owns the part
};

/* Constant once it is shared. */
struct race__parts {
    uint32_t refs; // atomic
    uint32_t count;
    struct race__part part[RACE_PARTS_MAX];
};

struct race__view {
    race__clock *known;        // owned
    race__epoch own;           // none in a view put together
    struct race__parts *parts; // owned: of KNOWN
};

static inline bool race__view_is_empty(const struct race__view *view)
{
    return view->known == NULL && race__epoch_is_none(view->own);
}

static inline bool race__view_covers(const struct race__view *view, race__epoch epoch)
{
    if (race__epoch_slot(epoch) == race__epoch_slot(view->own) &&
        epoch.raw <= view->own.raw)
        return true;
    return race__clock_covers(view->known, epoch);
}

struct race__view race__view_share(const struct race__view *view);
/* VIEW is empty afterwards. */
void race__view_drop(struct race__view *view);
/* TO becomes a share of FROM. */
void race__view_replace(struct race__view *to, const struct race__view *from);
/* TO gets to know what FROM knows; its own epoch may dissolve in its clock. */
void race__view_merge(struct race__view *to, const struct race__view *from);
/* As merge, for a strand's view: its own epoch stays. */
void race__view_acquire(struct race__view *strand, const struct race__view *from);
/* The strand's view has been handed on: as a part of others it is one itself. */
void race__view_handed_on(struct race__view *strand);
/* The own epoch, which has been handed on, becomes one that is known, and the view has
 * none. */
void race__view_dissolve(struct race__view *view);

#endif
