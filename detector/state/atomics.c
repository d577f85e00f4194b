/* Release sequences, and the fences that stand in for their heads. */
#include "state/atomics.h"

#include "state/phase.h"

static uint32_t number_of(goc_strand *strand)
{
    return race__strand_number(strand);
}

/* What a store of STRAND's leaves: its view now, or as of its last release fence. */
static const struct race__view *left_by(const goc_strand *strand, bool release)
{
    static const struct race__view nothing;
    if (release)
        return &strand->view;
    return strand->more != NULL ? &strand->more->left : &nothing;
}

static bool is_atomic_in(const struct race__thing *thing, uintptr_t addr, uint32_t size)
{
    const struct race__sync *sync = (const struct race__sync *)thing;
    uintptr_t there = race__thing_addr(thing, addr);
    return race__thing_kind(thing) == RACE_THING_SYNC && sync->size != 0 &&
           there < addr + size && addr < there + sync->size;
}

static void take(goc_strand *strand, const struct race__view *content, bool acquire)
{
    if (acquire)
        race__view_acquire(&strand->view, content);
    else if (!race__view_is_empty(content))
        race__view_merge(&race__strand_more(strand)->pending, content);
}

void race__atomics_read(goc_strand *strand, uintptr_t addr, uint32_t size, bool acquire)
{
    for (struct race__thing *at = race__line_first(addr); at != NULL;
         at = race__thing_next(at))
        if (is_atomic_in(at, addr, size))
            take(strand, &((struct race__sync *)at)->content, acquire);
}

/* A store ends the sequences of atomics that share bytes with it. */
static void end_others(uintptr_t addr, uint32_t size)
{
    for (struct race__thing *at = race__line_first(addr); at != NULL;
         at = race__thing_next(at))
        if (race__thing_addr(at, addr) != addr && is_atomic_in(at, addr, size))
            race__sync_empty((struct race__sync *)at);
}

/* Of two views of one strand, the later; either may be empty or NULL. */
static const struct race__view *later(const struct race__view *a,
                                      const struct race__view *b)
{
    if (a == NULL || race__view_is_empty(a))
        return b;
    if (b == NULL || race__view_is_empty(b) || race__view_covers(a, b->own))
        return a;
    return b;
}

void race__atomics_store(goc_strand *strand, uintptr_t addr, uint32_t size, bool release)
{
    const struct race__view *left = left_by(strand, release);
    end_others(addr, size);
    struct race__sync *sync = race__sync_find(addr);
    if (sync == NULL && race__view_is_empty(left))
        return;
    sync = race__sync_get(addr);
    sync->size = size;
    const struct race__view *own = race__sync_head(sync, number_of(strand));
    if (sync->lost && own == NULL && !release) {
        race__view_merge(&sync->content, left); // which sequence ends is not known
        return;
    }
    struct race__view kept = race__view_share(later(own, left));
    race__sync_drop_heads(sync);
    if (!race__view_is_empty(&kept))
        race__sync_add_head(sync, number_of(strand), &kept);
    race__view_drop(&sync->content);
    sync->content = kept;
    if (release)
        race__strand_tick(strand);
    if (release && race__phases_on())
        race__phase_leave(strand, sync, true);
}

void race__atomics_modify(goc_strand *strand, uintptr_t addr, uint32_t size, bool release)
{
    const struct race__view *left = left_by(strand, release);
    if (race__view_is_empty(left))
        return;
    struct race__sync *sync = race__sync_get(addr);
    sync->size = size;
    struct race__view *own = race__sync_head(sync, number_of(strand));
    if (own == NULL)
        race__sync_add_head(sync, number_of(strand), left);
    else if (later(own, left) == left)
        race__view_replace(own, left);
    race__view_merge(&sync->content, left);
    if (release)
        race__strand_tick(strand);
    if (release && race__phases_on())
        race__phase_leave(strand, sync, false);
}

void race__atomics_load_phase(goc_strand *strand, uintptr_t addr)
{
    const struct race__sync *sync = race__sync_find(addr);
    if (sync != NULL)
        race__phase_take(strand, sync);
}

void race__atomics_fence(goc_strand *strand, bool acquire, bool release)
{
    struct race__strand_more *more = strand->more;
    if (acquire && more != NULL) {
        race__view_acquire(&strand->view, &more->pending);
        race__view_drop(&more->pending);
    }
    if (release) {
        race__view_replace(&race__strand_more(strand)->left, &strand->view);
        race__strand_tick(strand);
    }
}
