/* Handing views on and putting them together. */
#include "state/view.h"

#include "base/atomic.h"
#include "state/slab.h"

#define NOT_KEPT UINT32_MAX // how many parts are missing where they were not kept

static void drop_parts(struct race__parts *parts)
{
    if (parts == NULL || fetch_sub_acq_rel(&parts->refs, 1) != 1)
        return;
    for (uint32_t i = 0; i < parts->count; i++)
        race__clock_drop(parts->part[i].clock);
    race__slab_free(parts, sizeof *parts);
}

struct race__view race__view_share(const struct race__view *view)
{
    if (view->parts != NULL)
        fetch_add_relaxed(&view->parts->refs, 1);
    return (struct race__view){
        .known = race__clock_share(view->known), .own = view->own, .parts = view->parts};
}

void race__view_drop(struct race__view *view)
{
    race__clock_drop(view->known);
    drop_parts(view->parts);
    *view = (struct race__view){.known = NULL, .own = race__no_epoch, .parts = NULL};
}

void race__view_replace(struct race__view *to, const struct race__view *from)
{
    struct race__view share = race__view_share(from);
    race__view_drop(to);
    *to = share;
}

static bool is_complete(const struct race__view *view)
{
    return view->parts != NULL || view->known == NULL;
}

static uint32_t count_of(const struct race__view *view)
{
    return view->parts == NULL ? 0 : view->parts->count;
}

/* Parts of VIEW that OTHER does not cover. */
static uint32_t missing(const struct race__view *view, const struct race__view *other)
{
    uint32_t count = 0;
    if (!is_complete(view))
        return NOT_KEPT;
    for (uint32_t i = 0; i < count_of(view); i++)
        count += !race__view_covers(other, view->parts->part[i].epoch);
    return count;
}

/* CLOCK, which is used up, with PART. */
static race__clock *join_part(race__clock *clock, const struct race__part *part)
{
    return race__clock_raise(race__clock_join(clock, part->clock), part->epoch);
}

/* CLOCK, which is used up, with the parts of VIEW that OTHER does not cover. */
static race__clock *join_missing(race__clock *clock, const struct race__view *view,
                                 const struct race__view *other)
{
    for (uint32_t i = 0; i < count_of(view); i++)
        if (!race__view_covers(other, view->parts->part[i].epoch))
            clock = join_part(clock, &view->parts->part[i]);
    return clock;
}

/* Parts being put together; their clocks are borrowed. */
struct sum {
    uint32_t count;
    bool complete;
    struct race__part part[RACE_PARTS_MAX];
};

static void add(struct sum *sum, struct race__part part)
{
    for (uint32_t i = 0; i < sum->count; i++)
        if (race__epoch_same(sum->part[i].epoch, part.epoch))
            return;
    if (sum->count == RACE_PARTS_MAX)
        sum->complete = false;
    else
        sum->part[sum->count++] = part;
}

static bool has_part(const struct race__view *view, race__epoch epoch)
{
    for (uint32_t i = 0; i < count_of(view); i++)
        if (race__epoch_same(view->parts->part[i].epoch, epoch))
            return true;
    return false;
}

/* A part that the other side covers is within one of the other side's parts; but where
 * both have one and the same, it stays. */
static void add_missing(struct sum *sum, const struct race__view *view,
                        const struct race__view *other)
{
    bool whole = !race__epoch_is_none(other->own); // OTHER is one part itself
    for (uint32_t i = 0; i < count_of(view); i++) {
        struct race__part part = view->parts->part[i];
        if (!race__view_covers(other, part.epoch) ||
            (!whole && has_part(other, part.epoch)))
            add(sum, part);
    }
}

/* The sum as an object of its own; NULL where it is not complete. */
static struct race__parts *parts_of(const struct sum *sum)
{
    if (!sum->complete)
        return NULL;
    struct race__parts *parts = race__slab_alloc(sizeof *parts);
    parts->refs = 1;
    parts->count = sum->count;
    for (uint32_t i = 0; i < sum->count; i++) {
        parts->part[i].epoch = sum->part[i].epoch;
        parts->part[i].clock = race__clock_share(sum->part[i].clock);
    }
    return parts;
}

static bool knows_all(const struct race__view *view, const struct race__view *other)
{
    return !race__epoch_is_none(other->own) && race__view_covers(view, other->own);
}

/* TO's clock with all of FROM's: from whichever side less is missing on the other. */
static race__clock *learned(const struct race__view *to, const struct race__view *from)
{
    uint32_t missing_in_from = missing(to, from);
    uint32_t missing_in_to = missing(from, to);
    race__clock *clock;
    if (missing_in_from < missing_in_to) {
        clock = join_missing(race__clock_share(from->known), to, from);
    } else {
        clock = race__clock_share(to->known);
        clock = missing_in_to == NOT_KEPT ? race__clock_join(clock, from->known)
                                          : join_missing(clock, from, to);
    }
    if (!race__epoch_is_none(from->own))
        clock = race__clock_raise(clock, from->own);
    return clock;
}

static void learn(struct race__view *to, const struct race__view *from)
{
    struct sum sum = {.complete = is_complete(to)};
    add_missing(&sum, to, from);
    if (!race__epoch_is_none(from->own)) {
        add(&sum, (struct race__part){.epoch = from->own, .clock = from->known});
    } else {
        /* What TO covers by its own epoch is in no part of it. */
        struct race__view known = {.known = to->known, .parts = to->parts};
        sum.complete &= is_complete(from);
        add_missing(&sum, from, &known);
    }
    struct race__parts *parts = parts_of(&sum);
    race__clock *clock = learned(to, from);
    race__clock_drop(to->known);
    drop_parts(to->parts);
    to->known = clock;
    to->parts = parts;
}

static void become_own_part(struct race__view *view)
{
    struct sum sum = {.count = 1, .complete = true};
    sum.part[0] = (struct race__part){.epoch = view->own, .clock = view->known};
    struct race__parts *parts = parts_of(&sum);
    drop_parts(view->parts);
    view->parts = parts;
}

void race__view_dissolve(struct race__view *view)
{
    become_own_part(view);
    view->known = race__clock_raise(view->known, view->own);
    view->own = race__no_epoch;
}

void race__view_handed_on(struct race__view *strand)
{
    if (!is_complete(strand) || count_of(strand) == RACE_PARTS_MAX)
        become_own_part(strand);
}

void race__view_merge(struct race__view *to, const struct race__view *from)
{
    if (race__view_is_empty(from) || knows_all(to, from))
        return;
    if (race__view_is_empty(to) || knows_all(from, to)) {
        race__view_replace(to, from);
        return;
    }
    if (!race__epoch_is_none(to->own))
        race__view_dissolve(to);
    learn(to, from);
}

void race__view_acquire(struct race__view *strand, const struct race__view *from)
{
    if (!race__view_is_empty(from) && !knows_all(strand, from))
        learn(strand, from);
}
