/* Handing views on and putting them together. */
#include "state/view.h"

struct race__view race__view_share(const struct race__view *view)
{
    (void)race__clock_share(view->known);
    return *view;
}

void race__view_drop(struct race__view *view)
{
    race__clock_drop(view->known);
    *view = (struct race__view){.known = NULL};
}

void race__view_replace(struct race__view *to, const struct race__view *from)
{
    struct race__view share = race__view_share(from);
    race__view_drop(to);
    *to = share;
}

/* Epochs of the tail that the clock knows by now leave it. */
static void prune(struct race__view *view)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < RACE_TAIL_MAX; i++) {
        race__epoch epoch = view->tail[i];
        view->tail[i] = race__no_epoch;
        if (!race__epoch_is_none(epoch) && !race__clock_covers(view->known, epoch))
            view->tail[kept++] = epoch;
    }
}

/* The tail goes into the clock, and the own epoch. */
static void fold(struct race__view *view)
{
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(view->tail[i]); i++) {
        view->known = race__clock_raise(view->known, view->tail[i], view->own);
        view->tail[i] = race__no_epoch;
    }
    if (!race__epoch_is_none(view->own))
        view->known = race__clock_raise(view->known, view->own, view->own);
    view->since = view->own;
}

/* Is there room in the tail for EPOCH, which is new to VIEW? */
static bool put(struct race__view *view, race__epoch epoch)
{
    for (unsigned i = 0; i < RACE_TAIL_MAX; i++) {
        race__epoch *place = &view->tail[i];
        if (race__epoch_is_none(*place) ||
            race__epoch_slot(*place) == race__epoch_slot(epoch)) {
            *place = epoch;
            return true;
        }
    }
    return false;
}

static void add(struct race__view *view, race__epoch epoch)
{
    if (race__epoch_is_none(epoch) || race__view_covers(view, epoch) || put(view, epoch))
        return;
    prune(view);
    if (put(view, epoch))
        return;
    fold(view);
    view->tail[0] = epoch;
}

static bool knows(const struct race__view *view, race__epoch epoch)
{
    return !race__epoch_is_none(epoch) && race__view_covers(view, epoch);
}

/* TO's clock comes to know what FROM's does, as far as TO does not know it besides, and
 * FROM has it not besides: the tails follow.  Answers whether TO has a clock of its own now. */
static bool learn_clock(struct race__view *to, const struct race__view *from)
{
    if (from->known == NULL || from->known == to->known || knows(to, from->since))
        return false;
    struct race__view before = *to; // stays as it is: it is asked during the join
    bool joined = to->known != NULL && !knows(from, to->since);
    if (joined) {
        struct race__joint joint = {.to = &before, .from = from, .stamp = to->own};
        to->known =
            race__clock_join(race__clock_share(before.known), from->known, &joint);
        to->since = to->own;
    } else {
        to->known = race__clock_share(from->known);
        to->since = race__epoch_is_none(from->since) ? to->own : from->since;
        prune(to);
    }
    race__clock_drop(before.known);
    return joined;
}

static void raise_all(struct race__view *view, const struct race__view *from)
{
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(from->tail[i]); i++)
        view->known = race__clock_raise(view->known, from->tail[i], view->own);
    if (!race__epoch_is_none(from->own))
        view->known = race__clock_raise(view->known, from->own, view->own);
}

static void learn(struct race__view *to, const struct race__view *from)
{
    if (learn_clock(to, from)) {
        raise_all(to, from);
        fold(to);
        return;
    }
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(from->tail[i]); i++)
        add(to, from->tail[i]);
    add(to, from->own);
}

void race__view_dissolve(struct race__view *view)
{
    race__epoch own = view->own;
    view->own = race__no_epoch;
    add(view, own);
}

void race__view_merge(struct race__view *to, const struct race__view *from)
{
    if (race__view_is_empty(from) || knows(to, from->own))
        return;
    if (race__view_is_empty(to) || knows(from, to->own)) {
        race__view_replace(to, from);
        return;
    }
    race__view_dissolve(to);
    learn(to, from);
}

void race__view_acquire(struct race__view *strand, const struct race__view *from)
{
    if (!race__view_is_empty(from) && !knows(strand, from->own))
        learn(strand, from);
}
