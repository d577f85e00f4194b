/* Views of their own, with slots of their own. */
#include "state/phase.h"

#include "base/lock.h"
#include "state/slab.h"

#define LEFT_MAX 1024u // slots that wait for somebody who knows all of them
#define LOOKED_AT 8u   // of those, for each strand that needs one

bool race__phases_begun;

static struct race__lock lock;     // all below
static uint32_t slots_used;        // slot 0 is nobody's
static race__epoch left[LEFT_MAX]; // a ring: the last moment on each slot
static uint32_t left_first;
static uint32_t left_count;

/* A slot whose moments STRAND knows, at the moment after the last one. */
static race__epoch slot_again(const goc_strand *strand)
{
    for (uint32_t i = 0; i < LOOKED_AT && i < left_count; i++) {
        race__epoch *place = &left[(left_first + i) % LEFT_MAX];
        race__epoch last = *place;
        if (race__epoch_clock(last) == RACE_CLOCK_MAX ||
            !race__view_covers(&strand->phase, last))
            continue;
        *place = left[left_first];
        left_first = (left_first + 1) % LEFT_MAX;
        left_count--;
        return (race__epoch){last.raw + 1};
    }
    return race__no_epoch;
}

void race__phase_begin(goc_strand *strand)
{
    if (!race__epoch_is_none(strand->phase.own))
        return;
    store_relaxed(&race__phases_begun, true);
    race__lock(&lock);
    race__epoch own = slot_again(strand);
    if (race__epoch_is_none(own) && slots_used < RACE_SLOT_MAX)
        own = race__epoch_make(++slots_used, 1);
    race__unlock(&lock);
    strand->phase.own = own;
}

void race__phase_noted(goc_strand *strand)
{
    strand->phase_last = strand->phase.own;
}

/* What STRAND does next is another moment. */
static void tick(goc_strand *strand)
{
    race__epoch own = strand->phase.own;
    if (race__epoch_is_none(own))
        return;
    strand->phase_last = own;
    if (unlikely(race__epoch_clock(own) == RACE_CLOCK_MAX))
        race__view_dissolve(&strand->phase); // and another slot at the next nesting
    else
        strand->phase.own.raw = own.raw + 1;
}

void race__phase_leave(goc_strand *strand, struct race__sync *sync, bool instead)
{
    if (instead && sync->more != NULL)
        race__view_drop(&sync->more->phase);
    if (race__view_is_empty(&strand->phase))
        return;
    race__view_merge(&race__sync_more(sync)->phase, &strand->phase);
    tick(strand);
}

void race__phase_take(goc_strand *strand, const struct race__sync *sync)
{
    if (sync->more != NULL)
        race__view_acquire(&strand->phase, &sync->more->phase);
}

void race__phases_exchange(struct race__sync *a, struct race__sync *b)
{
    if (a->more == NULL && b->more == NULL)
        return;
    struct race__view *one = &race__sync_more(a)->phase;
    struct race__view *other = &race__sync_more(b)->phase;
    struct race__view kept = *one;
    *one = *other;
    *other = kept;
}

void race__phase_trade(goc_strand *strand, struct race__view **there)
{
    if (!race__view_is_empty(&strand->phase)) {
        if (*there == NULL)
            *there = race__slab_alloc(sizeof **there);
        race__view_merge(*there, &strand->phase);
        tick(strand);
    }
    if (*there != NULL)
        race__view_acquire(&strand->phase, *there);
}

void race__phases_swap(struct race__sync *sync, struct race__view **there)
{
    if (sync->more == NULL && *there == NULL)
        return;
    if (*there == NULL)
        *there = race__slab_alloc(sizeof **there);
    struct race__view *other = &race__sync_more(sync)->phase;
    struct race__view kept = *other;
    *other = **there;
    **there = kept;
}

void race__phase_drop(struct race__view *there)
{
    if (there == NULL)
        return;
    race__view_drop(there);
    race__slab_free(there, sizeof *there);
}

void race__phase_inherit(goc_strand *child, goc_strand *parent)
{
    race__view_acquire(&child->phase, &parent->phase);
    tick(parent);
}

void race__phase_join(goc_strand *joiner, const goc_strand *ended)
{
    race__view_acquire(&joiner->phase, &ended->phase);
}

void race__phase_end(goc_strand *strand)
{
    if (!race__epoch_is_none(strand->phase_last)) {
        race__lock(&lock);
        if (left_count < LEFT_MAX)
            left[(left_first + left_count++) % LEFT_MAX] = strand->phase_last;
        race__unlock(&lock);
    }
    race__view_drop(&strand->phase);
}

bool race__phase_ordered(const struct race__view *a, const struct race__view *b)
{
    return race__view_covers(a, b->own) || race__view_covers(b, a->own);
}

void race__phase_hold(bool hold)
{
    race__lock_hold(&lock, hold);
}
