/* Handing views on and putting them together. */
#include "state/view.h"

#include "state/flat.h"

RACE_PRESERVE bool race__view_covers_slow(const struct race__view *view,
                                          race__epoch epoch)
{
    return race__view_covers(view, epoch);
}

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

/* Epochs of the tail that the clock knows leave it. */
static void prune(struct race__view *view)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(view->tail[i]); i++) {
        race__epoch epoch = view->tail[i];
        view->tail[i] = race__no_epoch;
        if (!race__clock_covers(view->known, epoch))
            view->tail[kept++] = epoch;
    }
}

/* The tail goes into the clock.  SINCE becomes the present epoch of whose view it is: nobody
 * else knows of that before it is handed on. */
static void fold(struct race__view *view)
{
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(view->tail[i]); i++) {
        view->known = race__clock_raise(view->known, view->tail[i], view->own);
        view->tail[i] = race__no_epoch;
    }
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

/* EPOCH is new to VIEW. */
static void add_new(struct race__view *view, race__epoch epoch)
{
    if (put(view, epoch))
        return;
    fold(view);
    view->tail[0] = epoch;
}

static void add(struct race__view *view, race__epoch epoch)
{
    if (!race__epoch_is_none(epoch) && !race__view_covers(view, epoch))
        add_new(view, epoch);
}

static bool knows(const struct race__view *view, race__epoch epoch)
{
    return !race__epoch_is_none(epoch) && race__view_covers(view, epoch);
}

bool race__view_knows_rest(const struct race__view *view, const struct race__view *from)
{
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(from->tail[i]); i++)
        if (!race__view_covers(view, from->tail[i]))
            return false;
    return from->known == NULL || from->known == view->known ||
           knows(view, from->since) ||
           (race__clock_is_flat(view->known) && race__clock_is_flat(from->known) &&
            race__flat_knows(view->known, from->known, view->own, from->own));
}

race__epoch race__view_latest(const struct race__view *view, race__epoch epoch)
{
    uint32_t slot = race__epoch_slot(epoch);
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(view->tail[i]); i++)
        if (race__epoch_slot(view->tail[i]) == slot)
            return view->tail[i];
    uint64_t clock = race__clock_get(view->known, slot);
    return clock == 0 ? race__no_epoch : race__epoch_make(slot, clock);
}

/* What stands beside the clock is later than what is in it. */
void race__view_lower(struct race__view *view, race__epoch epoch, race__epoch latest)
{
    if (race__clock_is_flat(view->known) && race__flat_is_own(view->known))
        race__flat_lower(view->known, race__epoch_slot(epoch),
                         (uint32_t)race__epoch_clock(latest));
}

/* The epochs beside VIEW's clock, its own last, as far as there are any, go to EPOCHS. */
static uint32_t gather(const struct race__view *view, race__epoch *epochs)
{
    uint32_t count = 0;
    for (; count < RACE_TAIL_MAX && !race__epoch_is_none(view->tail[count]); count++)
        epochs[count] = view->tail[count];
    if (!race__epoch_is_none(view->own))
        epochs[count++] = view->own;
    return count;
}

/* VIEW's clock knows what stands beside it. */
static void empty_tail(struct race__view *view)
{
    for (unsigned i = 0; i < RACE_TAIL_MAX; i++)
        view->tail[i] = race__no_epoch;
    view->since = view->own;
}

static bool raise_all_flat(struct race__view *view, const struct race__view *from)
{
    race__epoch epochs[2 * (RACE_TAIL_MAX + 1)];
    uint32_t count = gather(from, epochs);
    count += gather(view, epochs + count);
    if (!race__flat_raise_all(&view->known, epochs, count))
        return false;
    empty_tail(view);
    return true;
}

/* Nobody else has VIEW's clock, so that all goes into it that stands beside it or beside
 * FROM's, and the own epoch, which is its stamp. */
static void raise_all(struct race__view *view, const struct race__view *from)
{
    if (race__clock_is_flat(view->known) && raise_all_flat(view, from))
        return;
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(from->tail[i]); i++)
        view->known = race__clock_raise(view->known, from->tail[i], view->own);
    if (!race__epoch_is_none(from->own))
        view->known = race__clock_raise(view->known, from->own, view->own);
    if (!race__epoch_is_none(view->own))
        view->known = race__clock_raise(view->known, view->own, view->own);
    fold(view);
}

static void learn_by_join(struct race__view *to, const struct race__view *from)
{
    if (race__clock_is_flat(to->known)) { // nothing is asked of it meanwhile
        to->known = race__clock_join(to->known, from->known, NULL);
        raise_all(to, from);
        return;
    }
    struct race__view before = *to; // stays as it is: it is asked during the join
    struct race__joint joint = {.to = &before, .from = from, .stamp = to->own};
    to->known = race__clock_join(race__clock_share(before.known), from->known, &joint);
    race__clock_drop(before.known);
    raise_all(to, from);
}

static void take_clock(struct race__view *to, const struct race__view *from)
{
    race__clock *before = to->known;
    to->known = race__clock_share(from->known);
    to->since = race__epoch_is_none(from->since) ? to->own : from->since;
    race__clock_drop(before);
    prune(to);
}

/* What stands beside FROM's clock comes to TO, but FROM's own epoch.  Where they have one clock
 * nothing of it is there. */
static void add_tail(struct race__view *to, const struct race__view *from)
{
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(from->tail[i]); i++)
        if (to->known != from->known)
            add(to, from->tail[i]);
        else if (!race__view_has_beside(to, from->tail[i]))
            add_new(to, from->tail[i]);
}

/* TO, which does not know FROM's own epoch, comes to know what FROM does. */
static void learn(struct race__view *to, const struct race__view *from)
{
    if (from->known == to->known || from->known == NULL || knows(to, from->since)) {
        add_tail(to, from);
        if (!race__epoch_is_none(from->own))
            add_new(to, from->own);
    } else if (to->known == NULL || knows(from, to->since)) {
        take_clock(to, from);
        add_tail(to, from);
        add(to, from->own);
    } else {
        learn_by_join(to, from);
    }
}

/* Where arrays are joined, and others have the strand's but nobody has FROM's, FROM's becomes the
 * strand's: what comes of it is the same, and no array need be copied. */
void race__view_take(struct race__view *strand, struct race__view *from)
{
    if (race__clock_is_flat(strand->known) && race__clock_is_flat(from->known) &&
        !race__flat_is_own(strand->known) && race__flat_is_own(from->known) &&
        !knows(strand, from->own) && !knows(strand, from->since) &&
        !knows(from, strand->since)) {
        race__clock *before = strand->known;
        strand->known = race__clock_join(from->known, before, NULL);
        from->known = before;
        raise_all(strand, from);
    } else {
        race__view_acquire(strand, from);
    }
    race__view_drop(from);
}

static bool is_alone_flat(const race__clock *clock)
{
    return race__clock_is_flat(clock) && race__flat_is_own(clock);
}

bool race__view_swap(struct race__view *strand, const struct race__view *left,
                     const struct race__view *taken)
{
    if (!is_alone_flat(left->known) || !is_alone_flat(taken->known) ||
        left->known == taken->known)
        return false;
    race__clock *clock = taken->known;
    if (!race__flat_join(&clock, left->known))
        return false;
    strand->known = clock;
    raise_all(strand, taken);
    return true;
}

/* Both arrays are then the same, and both own epochs are in them.  Whoever gets to know A's gets to
 * know it with all that is there, so it says for B's clock as well that it is known. */
bool race__view_meet(struct race__view *a, struct race__view *b)
{
    if (a->known == b->known || !race__clock_is_flat(a->known) ||
        !race__clock_is_flat(b->known))
        return false;
    fold(a);
    fold(b);
    if (!race__clock_is_flat(a->known) || !race__clock_is_flat(b->known) ||
        !race__flat_meet(&a->known, a->own, &b->known, b->own))
        return false;
    a->since = a->own;
    b->since = a->own;
    return true;
}

/* Nothing of it is looked for in CHILD, which knows nothing.  Only PARENT's own epoch may be in its
 * clock already, as a stamp. */
void race__view_inherit(struct race__view *child, struct race__view *parent)
{
    if (!race__epoch_is_none(parent->tail[1]))
        fold(parent);
    child->known = race__clock_share(parent->known);
    child->since = parent->since;
    child->tail[0] = parent->tail[0];
    if (!race__clock_covers(parent->known, parent->own))
        child->tail[race__epoch_is_none(parent->tail[0]) ? 0 : 1] = parent->own;
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

/* Has VIEW an epoch of EPOCH's slot beside its clock?  Then the later one of the two is there. */
static inline bool renew_beside(struct race__view *view, race__epoch epoch)
{
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(view->tail[i]); i++)
        if (race__epoch_slot(view->tail[i]) == race__epoch_slot(epoch)) {
            if (!race__epoch_covers(view->tail[i], epoch))
                view->tail[i] = epoch;
            return true;
        }
    return false;
}

bool race__view_merge_beside(struct race__view *to, const struct race__view *from)
{
    if (!race__epoch_is_none(to->own) ||
        (from->known != to->known && from->known != NULL && !knows(to, from->since)))
        return false;
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(from->tail[i]); i++)
        if (!renew_beside(to, from->tail[i]))
            add(to, from->tail[i]);
    return true;
}

/* What was beside the clock may be in it now. */
void race__view_add_all(struct race__view *view, const race__epoch *epochs,
                        uint32_t count)
{
    view->known = race__clock_raise_all(view->known, epochs, count, view->own);
    view->since = view->own;
    prune(view);
}

/* What strands that take turns learn of each other, most of the time: they have one clock, and
 * only a newer epoch of one that stands beside it already is new.  False where there is more. */
static inline bool acquire_next(struct race__view *strand, const struct race__view *from)
{
    if (from->known != strand->known)
        return false;
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(from->tail[i]); i++)
        if (!race__view_has_beside(strand, from->tail[i]))
            return false;
    for (unsigned i = 0; i < RACE_TAIL_MAX && !race__epoch_is_none(strand->tail[i]); i++)
        if (race__epoch_slot(strand->tail[i]) == race__epoch_slot(from->own)) {
            if (!race__epoch_covers(strand->tail[i], from->own))
                strand->tail[i] = from->own;
            return true;
        }
    return false;
}

void race__view_acquire(struct race__view *strand, const struct race__view *from)
{
    if (acquire_next(strand, from))
        return;
    if (!race__view_is_empty(from) && !knows(strand, from->own))
        learn(strand, from);
}
