/* Happens-before: how strands take and leave views at addresses.
 *
 * A call with an address locks its line.  STRAND is the calling strand.  Every call that
 * leaves something ticks it (FastTrack's inc after release).
 */
#ifndef GOC_STATE_ORDER_H
#define GOC_STATE_ORDER_H

#include "state/phase.h"
#include "state/strand.h"
#include "state/sync.h"

/* The meanings of goc/race.h. */
void race__order_acquire(goc_strand *strand, uintptr_t addr);
void race__order_release(goc_strand *strand, uintptr_t addr);
void race__order_release_merge(goc_strand *strand, uintptr_t addr);
void race__order_release_acquire(goc_strand *strand, uintptr_t addr);
/* As release_merge, of SYNC, whose line is locked: what STRAND does is in the log of its word too
 * (state/sync.h, "Late"). */
void race__order_merge_logged(goc_strand *strand, struct race__sync *sync);
void race__order_exchange(uintptr_t a, uintptr_t b);

/* A and B meet: each takes what the other knows.  B is nobody's but the caller's. */
void race__order_meet_slow(goc_strand *a, goc_strand *b);
static RACE_INLINE void race__order_meet(goc_strand *a, goc_strand *b)
{
    if (race__phases_on() || unlikely(!race__view_meet_again(&a->view, &b->view))) {
        race__order_meet_slow(a, b);
        return;
    }
    race__strand_tick(b);
    race__strand_tick(a);
}
/* TO, which is nobody's but the caller's, takes what STRAND knows. */
void race__order_hand(goc_strand *strand, goc_strand *to);

/* What is in a channel's slot, struct goc_race_slot.  Guard: the caller's, no line is locked. */
struct race__slot_content {
    struct race__view left;
    struct race__view *phase; // owned; NULL: nothing was left of phases
    race__epoch
        floor; // no mark is of an epoch behind it up to LEFT's own; none: LEFT's own
};

_Static_assert(sizeof(struct race__slot_content) == sizeof(struct goc_race_slot),
               "a slot has room for its content");

/* Need STRAND not trade, because it is alone and SLOT has what it left there itself?  It knows
 * that.  And whoever comes later is born of it, and knows what the trade would leave. */
static RACE_INLINE bool race__order_is_traded(const goc_strand *strand,
                                              const struct race__slot_content *slot)
{
    return strand->expect == RACE_EXPECT_NO_MARKS &&
           race__epoch_covers(strand->view.own, slot->left.own) && !race__phases_on();
}

/* STRAND trades: the caller's own, or one that is nobody's but the caller's. */
void race__order_trade(goc_strand *strand, struct race__slot_content *slot);
/* The same where STRAND's last trade was perhaps with BEFORE. */
void race__order_trade_next(goc_strand *strand, struct race__slot_content *slot,
                            struct race__slot_content *before);
/* Has STRAND handed on one view in its last two epochs, by trades, and left no mark since, and but
 * one in the second, as it touched what it used?  It has not if it is alone, or accesses are not
 * seen. */
static RACE_INLINE bool race__order_may_trade_again(const goc_strand *strand)
{
    uint64_t own = strand->view.own.raw;
    return strand->again.raw == own && strand->last.raw != own &&
           strand->touched.raw != own && strand->expect == RACE_EXPECT_NEVER;
}
/* Then it trades with SLOT in the second of these.  False: nothing was done. */
bool race__order_trade_again(goc_strand *strand, struct race__slot_content *slot,
                             struct race__slot_content *before);
/* What is at ADDR and in SLOT change places. */
void race__order_trade_at(uintptr_t addr, struct race__slot_content *slot);
/* STRAND's view becomes SLOT's content. */
void race__order_slot_release(goc_strand *strand, struct race__slot_content *slot);
/* SLOT ends.  Answers whether it was ever used. */
bool race__order_slot_end(struct race__slot_content *slot);

/* A lock's order.  Readers see the last writer and not each other; a writer sees all. */
void race__order_lock(goc_strand *strand, uintptr_t addr, bool exclusive);
/* The same, exclusive, where nobody has had the lock since STRAND gave it back, and only
 * then: else nothing is done and the answer is false. */
bool race__order_lock_again(goc_strand *strand, uintptr_t addr);
/* The lock at ADDR may be taken from whoever holds it. */
void race__order_lock_mixed(uintptr_t addr);
/* STRAND ends and holds the lock at ADDR: if it is one that may be taken from it, all that
 * STRAND did is before whoever takes it. */
void race__order_lock_orphaned(goc_strand *strand, uintptr_t addr);
void race__order_unlock(goc_strand *strand, uintptr_t addr, bool exclusive);

#endif
