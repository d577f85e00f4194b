/* Acquire and release, in the forms that locks, channels and their kin need. */
#include "state/order.h"

#include "state/slab.h"

/* STRAND's view becomes TO's content. */
static void leave(goc_strand *strand, struct race__view *to)
{
    race__view_replace(to, &strand->view);
    race__strand_tick(strand);
}

static void leave_more(goc_strand *strand, struct race__view *to)
{
    race__view_merge(to, &strand->view);
    race__strand_tick(strand);
}

/* SYNC is used as what is no lock. */
static void mix(struct race__sync *sync)
{
    sync->mixed = true;
    sync->fresh = race__no_epoch;
}

void race__order_acquire(goc_strand *strand, uintptr_t addr)
{
    if (race__line_is_idle(addr))
        return;
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_raw(line, addr);
    if (sync != NULL) {
        race__sync_flush(sync);
        mix(sync);
        race__view_acquire(&strand->view, &sync->content);
        race__phase_take(strand, sync);
        if (unlikely(sync->logged) && race__word_log_known(addr, strand->view.own))
            race__strand_mark(strand); // as by which the log is known
    }
    race__line_unlock_head(line);
}

void race__order_release(goc_strand *strand, uintptr_t addr)
{
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_get_in(line, addr);
    mix(sync);
    leave(strand, &sync->content);
    if (race__phases_on())
        race__phase_leave(strand, sync, true);
    race__line_unlock_head(line);
}

void race__order_release_merge(goc_strand *strand, uintptr_t addr)
{
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_raw(line, addr);
    if (sync == NULL)
        sync = race__sync_new(addr);
    race__sync_flush(sync);
    mix(sync);
    leave_more(strand, &sync->content);
    if (race__phases_on())
        race__phase_leave(strand, sync, false);
    race__line_unlock_head(line);
}

void race__order_merge_logged(goc_strand *strand, struct race__sync *sync)
{
    mix(sync);
    sync->logged = true;
    if (unlikely(sync->late == NULL))
        sync->late = race__slab_alloc(sizeof *sync->late);
    if (unlikely(sync->late->count == RACE_LATE_MAX))
        race__sync_flush(sync);
    if (likely(race__view_merge_beside(&sync->content, &strand->view))) {
        sync->late->epoch[sync->late->count++] = strand->view.own;
    } else {
        race__sync_flush(sync);
        race__view_merge(&sync->content, &strand->view);
    }
    race__strand_tick(strand);
    if (race__phases_on())
        race__phase_leave(strand, sync, false);
}

void race__order_release_acquire(goc_strand *strand, uintptr_t addr)
{
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_get_in(line, addr);
    mix(sync);
    struct race__view taken = sync->content;
    sync->content = race__view_share(&strand->view);
    race__strand_tick(strand);
    race__view_take(&strand->view, &taken);
    if (race__phases_on()) {
        race__phase_leave(strand, sync, false);
        race__phase_take(strand, sync);
    }
    race__line_unlock_head(line);
}

void race__order_exchange(uintptr_t a, uintptr_t b)
{
    if (a == b)
        return;
    race__line_lock_two(a, b);
    struct race__sync *first = race__sync_get(a);
    struct race__sync *second = race__sync_get(b);
    mix(first);
    mix(second);
    struct race__view content = first->content;
    first->content = second->content;
    second->content = content;
    if (race__phases_on())
        race__phases_exchange(first, second);
    race__line_unlock_two(a, b);
}

void race__order_meet_slow(goc_strand *a, goc_strand *b)
{
    if (race__clock_is_flat(a->view.known) && race__view_meet(&a->view, &b->view)) {
        race__strand_tick(b);
    } else {
        race__view_acquire(&a->view, &b->view);
        race__strand_tick(b);
        race__view_acquire(&b->view, &a->view);
    }
    race__strand_tick(a);
    if (race__phases_on()) {
        race__phase_inherit(a, b);
        race__phase_inherit(b, a);
    }
}

void race__order_hand(goc_strand *strand, goc_strand *to)
{
    race__strand_hand_over(strand, to);
    if (race__phases_on())
        race__phase_inherit(to, strand);
}

/* Mostly the two have one clock, and differ in what stands beside it; then the slot's count of it
 * is the one that the strand's share would need. */
static RACE_NOINLINE void trade(goc_strand *strand, struct race__slot_content *slot)
{
    struct race__view taken = slot->left;
    bool alike = taken.known == strand->view.known;
    slot->left = strand->view;
    race__strand_tick(strand);
    if (alike) {
        race__view_acquire(&strand->view, &taken);
    } else if (!race__view_swap(&strand->view, &slot->left, &taken)) {
        (void)race__clock_share(slot->left.known);
        race__view_take(&strand->view, &taken);
    }
    if (race__phases_on())
        race__phase_trade(strand, &slot->phase);
}

/* What the strand left there itself it knows, whatever it has learned since. */
void race__order_trade(goc_strand *strand, struct race__slot_content *slot)
{
    if (race__epoch_covers(strand->view.own, slot->left.own) &&
        slot->left.known == strand->view.known && !race__phases_on()) {
        slot->left = strand->view;
        race__strand_tick(strand);
    } else {
        trade(strand, slot);
    }
}

void race__order_trade_at(uintptr_t addr, struct race__slot_content *slot)
{
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_get_in(line, addr);
    mix(sync);
    struct race__view left = slot->left;
    slot->left = sync->content;
    sync->content = left;
    if (race__phases_on())
        race__phases_swap(sync, &slot->phase);
    race__line_unlock_head(line);
}

void race__order_slot_release(goc_strand *strand, struct race__slot_content *slot)
{
    leave(strand, &slot->left);
    if (race__phases_on()) {
        race__phase_drop(slot->phase);
        slot->phase = NULL;
        race__phase_trade(strand, &slot->phase);
    }
}

bool race__order_slot_end(struct race__slot_content *slot)
{
    bool used = !race__view_is_empty(&slot->left);
    race__view_drop(&slot->left);
    race__phase_drop(slot->phase);
    slot->phase = NULL;
    return used;
}

/* Has STRAND given back the lock of SYNC, at ADDR, and has nobody taken what it left there?  Then it
 * takes that back. */
static bool take_back(goc_strand *strand, struct race__sync *sync, uintptr_t addr)
{
    if (race__epoch_is_none(sync->fresh) || sync->size != 0 ||
        strand->gave_back != addr || sync->fresh.raw + 1 != strand->view.own.raw)
        return false;
    sync->fresh = race__no_epoch;
    sync->content.own = strand->view.own;
    race__strand_take_back(strand);
    return true;
}

void race__order_lock(goc_strand *strand, uintptr_t addr, bool exclusive)
{
    if (race__line_is_idle(addr))
        return;
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_find_in(line, addr);
    if (sync != NULL && !(exclusive && take_back(strand, sync, addr))) {
        sync->fresh = race__no_epoch;
        race__view_acquire(&strand->view, &sync->content);
        if (exclusive)
            race__view_acquire(&strand->view, &sync->shared);
    }
    race__line_unlock_head(line);
}

bool race__order_lock_again(goc_strand *strand, uintptr_t addr)
{
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_find_in(line, addr);
    bool taken_back = sync != NULL && take_back(strand, sync, addr);
    race__line_unlock_head(line);
    return taken_back;
}

void race__order_lock_mixed(uintptr_t addr)
{
    uint64_t *line = race__line_lock(addr);
    mix(race__sync_get_in(line, addr));
    race__line_unlock_head(line);
}

void race__order_lock_orphaned(goc_strand *strand, uintptr_t addr)
{
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_find_in(line, addr);
    if (sync != NULL && sync->mixed)
        leave_more(strand, &sync->content);
    race__line_unlock_head(line);
}

void race__order_unlock(goc_strand *strand, uintptr_t addr, bool exclusive)
{
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_get_in(line, addr);
    if (exclusive) {
        if (!race__view_is_empty(&sync->shared))
            race__view_drop(&sync->shared); // known to the writer, and so in its view
        race__epoch left = strand->view.own;
        race__epoch run = strand->run;
        leave(strand, &sync->content);
        if (!sync->mixed) {
            sync->fresh = left;
            strand->run_left = run;
            strand->gave_back = addr;
        }
    } else {
        sync->fresh = race__no_epoch;
        leave_more(strand, &sync->shared);
    }
    race__line_unlock_head(line);
}
