/* Marks that move from epoch to epoch where they are.
 *
 * Whoever sends or receives leaves two things: the order, and a mark that the channel was used, for
 * who closes or frees it meanwhile.  The order ends the epoch, so the next operation leaves
 * the mark again, and all that differs is the epoch.
 *
 * So a strand keeps some such marks in mind: the place, the call, and the cell as it was left, with
 * a block of moments that only this mark names (state/moment.h).  If the cell is that still, the
 * word has this mark and no other, and it becomes one of the present epoch when the block
 * does.  A later access of the same strand and kind stands for the earlier one (check/rules.h), and
 * there is nothing else in the word that it could conflict with.  The cell's lock keeps others
 * out meanwhile, as from any change of a word's marks.
 *
 * Where a lock of the caller's follows, none is needed here.  The block becomes one of the present
 * epoch while the cell is the one kept in mind, and the cell is asked again once the caller has its
 * lock.  That took a locked instruction, which is a full fence (amd64): so either the cell has
 * changed, and the mark is left anew, as if the first step had not been, once the caller has let
 * go of its lock, for it may be a race, whose report others must not wait for; or whoever takes the
 * cell's lock from there on finds the present epoch.  Nothing orders the strand in between, so that
 * what it finds late is what it would have found at once.  Whoever had the cell's lock in between
 * and left the cell as it was has dropped no mark and left none of its own: it conflicts with the
 * old mark as with the new one, or with neither.
 *
 * Where uses follow each other in a row (state/order.c, "Traded again"), the mark need not even
 * become one of the present epoch: touch_begin leaves it as it is, and holds the use until the
 * trade is done with it, or asks for the mark after all, late.
 *
 * What becomes such a mark: one whose word had an earlier mark of the same strand, and no other.
 * Four sets of two places; a mark that would drive another out does so one time in eight, so that
 * a strand with more channels than places does not pay for each change.
 */
#include "entry/touch.h"

#include "base/flags.h"
#include "check/rules.h"
#include "entry/access.h"
#include "entry/events.h"
#include "entry/reread.h"
#include "state/order.h"
#include "state/slab.h"
#include "state/strand.h"

#define WAYS 2u
#define PASSES 8u

static RACE_INLINE uint32_t spread(uint32_t number, unsigned bits)
{
    return number * UINT32_C(0x9e3779b1) >> (32 - bits);
}

/* The first place of ADDR's set. */
static RACE_INLINE struct race__touch *set_of(struct race__touch *touches, uintptr_t addr)
{
    _Static_assert(RACE_TOUCHES == WAYS << 2, "four sets");
    return touches + (size_t)WAYS * spread((uint32_t)(addr >> RACE_LINE_SHIFT), 2);
}

static RACE_INLINE struct race__touch *find(goc_strand *strand, uintptr_t addr)
{
    if (unlikely(strand->touches == NULL))
        return NULL;
    struct race__touch *touch = set_of(strand->touches, addr);
    return touch[0].addr == addr ? touch : touch[1].addr == addr ? touch + 1 : NULL;
}

/* Does TOUCH stand for a mark that the strand would leave for PC now? */
static RACE_INLINE bool is_same(const goc_strand *strand, const struct race__touch *touch,
                                const void *pc)
{
    return touch->pc == pc && touch->context == race__strand_context_asked(strand) &&
           strand->cells != 0 && race__moment_lockset(touch->moment) == strand->lockset &&
           load_relaxed(race__shadow_cell(touch->addr)) == touch->cell;
}

/* Inside the detector: the mark of TOUCH is of the present epoch now, or false. */
static RACE_INLINE bool renew(goc_strand *strand, const struct race__touch *touch,
                              const void *pc)
{
    uint64_t *cell = race__shadow_cell(touch->addr);
    uint64_t now = touch->cell;
    if (!is_same(strand, touch, pc) || !cas_acquire(cell, &now, now | RACE_CELL_LOCK))
        return false;
    race__moment_move(touch->moment, strand->view.own);
    race__cell_unlock(cell, now);
    race__strand_mark(strand);
    return true;
}

static void let_go(struct race__touch *touch)
{
    if (touch->addr != 0)
        race__moment_let_go(touch->moment);
    touch->addr = 0;
}

/* A place for ADDR in its set, or NULL. */
static struct race__touch *place_for(goc_strand *strand, uintptr_t addr)
{
    if (strand->touches == NULL)
        strand->touches = race__slab_alloc(RACE_TOUCHES * sizeof *strand->touches);
    struct race__touch *set = set_of(strand->touches, addr);
    if (set[0].addr != 0) {
        if (set[1].addr != 0 && ++strand->touches_passed % PASSES != 0)
            return NULL;
        let_go(&set[1]);
        set[1] = set[0];
    }
    return &set[0];
}

/* Is CELL's mark the strand's last read of one byte, with nothing beside it? */
static bool is_latest(const goc_strand *strand, uintptr_t addr, uint64_t cell)
{
    return (cell & (RACE_CELL_MORE | RACE_CELL_KIND)) == 0 && strand->moment.now != 0 &&
           race__cell_moment(cell) == strand->moment.now &&
           (cell & RACE_CELL_BYTES) == race__cell_bytes(addr, 1);
}

/* The mark that the strand has just left at ADDR will be left again. */
static void keep(goc_strand *strand, uintptr_t addr, const void *pc)
{
    uint64_t *cell = race__shadow_cell(addr);
    uint64_t now = race__cell_lock(cell);
    struct race__touch *touch =
        is_latest(strand, addr, now) ? place_for(strand, addr) : NULL;
    uint32_t moment = touch == NULL ? 0 : race__strand_split(strand);
    if (moment != 0) {
        now = (now & ~RACE_CELL_MOMENT) | (uint64_t)moment << RACE_CELL_MOMENT_BIT;
        *touch = (struct race__touch){.addr = addr,
                                      .pc = pc,
                                      .context = race__strand_context_asked(strand),
                                      .moment = moment,
                                      .cell = now};
    }
    race__cell_unlock(cell, now);
}

/* Has ADDR's cell a mark of STRAND's?  Without the lock, a guess. */
static bool was_touched(const goc_strand *strand, uintptr_t addr)
{
    uint32_t moment = race__cell_moment(load_acquire(race__shadow_cell(addr)));
    race__epoch epoch = {race__moment_epoch(moment)};
    return moment != 0 && race__epoch_slot(epoch) == race__epoch_slot(strand->view.own);
}

static RACE_NOINLINE void touch_anew(goc_strand *strand, uintptr_t addr, const void *pc)
{
    bool again = was_touched(strand, addr);
    race__reread_pass_over(strand);
    race__read((const void *)addr, 1, pc);
    if (!again || !race__enter())
        return;
    struct race__touch *touch = find(strand, addr);
    if (touch != NULL)
        let_go(touch);
    if (!race__rules_counted && race__flags.stats == 0 && strand->cells != 0 &&
        strand->host == NULL && !race__strand_is_alone() &&
        race__strand_context_asked(strand) != 0)
        keep(strand, addr, pc);
    race__leave();
}

RACE_INLINE void race__touch(goc_strand *strand, uintptr_t addr, const void *pc)
{
    if (unlikely(strand->cells == 0)) {
        race__use((const void *)addr, pc); // nothing, or a look whether the window opens
        return;
    }
    struct race__touch *touch = find(strand, addr);
    if (unlikely(touch == NULL || !race__enter())) {
        touch_anew(strand, addr, pc);
        return;
    }
    bool renewed = renew(strand, touch, pc);
    race__leave();
    if (unlikely(!renewed))
        touch_anew(strand, addr, pc);
}

/* The same but for the question whether the cell is still what it was, which TOUCHING asks. */
static RACE_INLINE bool renew_early(goc_strand *strand, const struct race__touch *touch,
                                    const void *pc)
{
    if (!is_same(strand, touch, pc))
        return false;
    strand->touching = touch;
    if (unlikely(race__epoch_same(strand->touched, strand->view.own)))
        race__strand_mark(strand); // more than one
    strand->touched_last.raw = race__moment_epoch(touch->moment);
    strand->touched = strand->view.own;
    strand->touched_by = touch;
    strand->touched_locks = strand->lockset;
    race__moment_move(touch->moment, strand->view.own);
    return true;
}

static RACE_NOINLINE void touch_now(goc_strand *strand, uintptr_t addr, const void *pc)
{
    race__touch(strand, addr, pc);
}

/* Strands that use one channel leave their marks in different words of it, so that few words have
 * more than one: sixteen that were born one after the other, or eight that are every other one. */
static RACE_INLINE uintptr_t word_for(const goc_strand *strand, const void *area)
{
    size_t word = strand->birth & (GOC_RACE_TOUCH_SIZE / RACE_WORD_SIZE - 1);
    return (uintptr_t)area + RACE_WORD_SIZE * word;
}

/* Does STRAND leave no mark at ADDR, because it is alone, and has nobody left one? */
static RACE_INLINE bool is_settled(const goc_strand *strand, uintptr_t addr)
{
    return strand->expect == RACE_EXPECT_NO_MARKS &&
           load_acquire(race__shadow_cell(addr)) == 0;
}

void race__on_touch(const void *area, const void *pc)
{
    goc_strand *strand = race__watched();
    if (strand == NULL)
        return;
    uintptr_t addr = word_for(strand, area);
    if (!is_settled(strand, addr))
        race__touch(strand, addr, pc);
}

static RACE_INLINE void begin(goc_strand *strand, uintptr_t addr, const void *pc)
{
    if (is_settled(strand, addr))
        return;
    const struct race__touch *touch = find(strand, addr);
    if (unlikely(touch == NULL || !race__enter())) {
        touch_anew(strand, addr, pc);
        return;
    }
    if (likely(renew_early(strand, touch, pc))) {
        race__leave();
        return;
    }
    race__leave();
    touch_now(strand, addr, pc);
}

/* May STRAND's use of what has its mark at ADDR go with the one before, as state/order.h says,
 * whose mark is in the cell still?  Nobody need be kept out of the cell to ask: the mark is not to
 * be changed. */
static RACE_INLINE bool may_hold(const goc_strand *strand, uintptr_t addr, const void *pc)
{
    const struct race__touch *touch = strand->touched_by;
    return race__order_may_trade_again(strand) && touch->addr == addr &&
           touch->pc == pc && touch->context == race__strand_context_asked(strand) &&
           strand->touched_locks == strand->lockset &&
           load_acquire(race__shadow_cell(addr)) == touch->cell;
}

bool race__on_touch_begin(const void *area, const void *pc, bool row)
{
    goc_strand *strand = race__watched();
    if (strand == NULL)
        return false;
    uintptr_t addr = word_for(strand, area);
    if (row && may_hold(strand, addr, pc)) {
        strand->touching = strand->touched_by;
        strand->touch_held = true;
        return true;
    }
    begin(strand, addr, pc);
    return false;
}

bool race__on_touch_end(void)
{
    goc_strand *strand = goc_race_current;
    const struct race__touch *touch = strand->touching;
    if (touch == NULL)
        return false;
    bool late =
        strand->touch_held || load_acquire(race__shadow_cell(touch->addr)) != touch->cell;
    strand->touch_held = false;
    if (unlikely(late))
        return true;
    strand->touching = NULL;
    return false;
}

void race__on_touch_late(void)
{
    goc_strand *strand = goc_race_current;
    const struct race__touch *touch = strand->touching;
    strand->touching = NULL;
    race__touch(strand, touch->addr, touch->pc);
}
