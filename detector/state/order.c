/* Acquire and release, in the forms that locks, channels and their kin need.
 *
 * Traded again.  Who sends to a channel that buffers, or receives, ends an epoch each time: who
 * frees the channel knows the last use that it met, and must not be taken to know the next one.
 * Where many follow each other and nothing else happens, the strand's epochs differ in the mark of
 * the use alone, of which there is one, the latest (entry/touch.c).  From this come two things,
 * under the channel's lock; BEFORE is the slot that the strand left last, which has the strand's
 * last epoch still: so nobody has taken it.
 *
 *   Outdated   The use's mark, of BEFORE's epoch, has moved on.  QUIET is the first epoch of the
 *              row; no mark is of an epoch behind it up to BEFORE's.  So BEFORE gets QUIET as its
 *              floor: who knows the floor, and the rest of the view that was left, has nothing to
 *              learn from it that anybody could ask for.  What it learns of the rest it learns
 *              without the epochs behind the floor.  Else all strands of a channel would tell each
 *              other for ever of epochs that say nothing.
 *   Again      Let E and E+1 be two epochs in which the strand left one view, with no mark in E+1
 *              but that of the use, and none since.  BEFORE alone says E+1, and nobody knows that.
 *              Then the next use needs no epoch: its mark is the one that is there, BEFORE says E
 *              from now on, and the next slot says E+1.  Who takes BEFORE knows what the strand did
 *              as far as that operation, but not the latest use, which is what the mark now stands
 *              for.  E was handed on with the same view, as the invariant of views demands
 *              (state/view.h).
 *
 * Any mark, and whatever else hands the strand's view on, changes LAST or the epoch, and ends the
 * row.  tests/trace/test_rows.c compares rows with plain vector clocks.
 */
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

/* Does STRAND know SLOT's FLOOR? */
static bool knows_floor(const goc_strand *strand, const struct race__slot_content *slot)
{
    return !race__epoch_is_none(slot->floor) &&
           race__view_covers(&strand->view, slot->floor);
}

/* Does STRAND know all that was left in SLOT, as far as anybody can ask for it? */
static bool is_known(const goc_strand *strand, const struct race__slot_content *slot)
{
    race__epoch own = slot->left.own;
    if (race__epoch_is_none(own))
        return race__view_is_empty(&slot->left);
    return race__view_covers(&strand->view, own) ||
           (knows_floor(strand, slot) &&
            race__view_knows_rest(&strand->view, &slot->left));
}

/* STRAND comes to know what was TAKEN from a slot, in which its own view is LEFT.  TAKEN is used
 * up. */
static void learn(goc_strand *strand, struct race__view *left, struct race__view *taken)
{
    if (taken->known == left->known) {
        race__view_acquire(&strand->view, taken);
    } else if (!race__view_swap(&strand->view, left, taken)) {
        (void)race__clock_share(left->known);
        race__view_take(&strand->view, taken);
    }
}

/* The same where STRAND knows the floor: what TAKEN says of who left it is nothing to learn. */
static void learn_rest(goc_strand *strand, struct race__view *left,
                       struct race__view *taken)
{
    race__epoch own = taken->own;
    race__epoch before = race__view_latest(&strand->view, own);
    taken->own = race__no_epoch;
    learn(strand, left, taken);
    race__view_lower(&strand->view, own, before);
}

/* Mostly the two have one clock, and differ in what stands beside it; then the slot's count of it
 * is the one that the strand's share would need. */
static RACE_NOINLINE void trade(goc_strand *strand, struct race__slot_content *slot)
{
    struct race__view taken = slot->left;
    bool rest = knows_floor(strand, slot);
    bool known = rest && race__view_knows_rest(&strand->view, &taken);
    slot->left = strand->view;
    slot->floor = race__no_epoch;
    race__strand_tick(strand);
    if (known && taken.known != slot->left.known) {
        (void)race__clock_share(slot->left.known);
        race__clock_drop(taken.known);
    } else if (rest && !known) {
        learn_rest(strand, &slot->left, &taken);
    } else if (!known) {
        learn(strand, &slot->left, &taken);
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
        slot->floor = race__no_epoch;
        race__strand_tick(strand);
    } else {
        trade(strand, slot);
    }
}

/* Has STRAND's view, but for its own epoch, been left in SLOT? */
static bool has_left(const goc_strand *strand, const struct race__slot_content *slot)
{
    uint64_t differ = 0;
    for (unsigned i = 0; i < RACE_TAIL_MAX; i++)
        differ |= strand->view.tail[i].raw ^ slot->left.tail[i].raw;
    return differ == 0 && strand->view.known == slot->left.known;
}

/* Has STRAND left no mark since its last epoch, which a trade handed on, but that of the use that
 * it is at, by TOUCHED_BY?  And is BEFORE what it left then, and not taken since?  That is asked
 * last, for it is another line. */
static RACE_INLINE bool goes_on(const goc_strand *strand,
                                const struct race__slot_content *before)
{
    race__epoch last = strand->last;
    return last.raw + 1 == strand->view.own.raw &&
           strand->touched.raw == strand->view.own.raw &&
           strand->touched_last.raw == last.raw && strand->traded.raw == last.raw &&
           before->left.own.raw == last.raw;
}

/* The mark of the use by which BEFORE was left is one of a later use now. */
static void outdate(const goc_strand *strand, struct race__slot_content *before)
{
    before->floor = strand->quiet;
    if (strand->twice)
        before->left.own.raw--;
}

void race__order_trade_next(goc_strand *strand, struct race__slot_content *slot,
                            struct race__slot_content *before)
{
    race__epoch now = strand->view.own;
    bool again = goes_on(strand, before) && before != slot;
    bool twice = again && has_left(strand, before);
    if (again)
        outdate(strand, before);
    else
        strand->quiet = now;
    race__order_trade(strand, slot);
    strand->traded = now;
    strand->twice = twice && has_left(strand, slot);
    if (strand->twice)
        strand->again = strand->view.own;
}

/* What SLOT gets is what BEFORE had. */
static RACE_INLINE void hand_on(const goc_strand *strand, struct race__slot_content *slot,
                                struct race__slot_content *before)
{
    slot->left = before->left;
    slot->floor = race__no_epoch;
    outdate(strand, before);
}

/* The same where STRAND has something to learn: its view will be another one. */
static RACE_NOINLINE void learn_again(goc_strand *strand, struct race__slot_content *slot,
                                      struct race__slot_content *before)
{
    struct race__view taken = slot->left;
    bool rest = knows_floor(strand, slot);
    hand_on(strand, slot, before);
    strand->twice = false;
    strand->again = race__no_epoch;
    if (rest)
        learn_rest(strand, &slot->left, &taken);
    else
        learn(strand, &slot->left, &taken);
}

bool race__order_trade_again(goc_strand *strand, struct race__slot_content *slot,
                             struct race__slot_content *before)
{
    if (before->left.own.raw != strand->last.raw || before == slot || race__phases_on() ||
        !has_left(strand, before))
        return false;
    race__epoch own = slot->left.own;
    bool known = own.raw == strand->known.raw && !race__epoch_is_none(own);
    if (unlikely(!known && !is_known(strand, slot))) {
        learn_again(strand, slot, before);
        return true;
    }
    strand->known = own;
    if (slot->left.known != before->left.known) {
        race__clock_drop(slot->left.known);
        (void)race__clock_share(before->left.known);
    }
    hand_on(strand, slot, before);
    return true;
}

void race__order_trade_at(uintptr_t addr, struct race__slot_content *slot)
{
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_get_in(line, addr);
    mix(sync);
    struct race__view left = slot->left;
    slot->floor = race__no_epoch;
    slot->left = sync->content;
    sync->content = left;
    if (race__phases_on())
        race__phases_swap(sync, &slot->phase);
    race__line_unlock_head(line);
}

void race__order_slot_release(goc_strand *strand, struct race__slot_content *slot)
{
    leave(strand, &slot->left);
    slot->floor = race__no_epoch;
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
    slot->floor = race__no_epoch;
    race__phase_drop(slot->phase);
    slot->phase = NULL;
    return used;
}

/* Has STRAND given back the lock of SYNC, at ADDR, and has nobody taken what it left there?  Then
 * it takes that back. */
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
