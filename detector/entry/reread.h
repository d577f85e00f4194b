/* Reads that a strand makes again and again, one in each epoch: of the pointer to a channel,
 * say. */
#ifndef GOC_DETECTOR_ENTRY_REREAD_H
#define GOC_DETECTOR_ENTRY_REREAD_H

#include "state/strand.h"

/* One plain read in so many that need more than a look at the cell is asked whether it is
 * one of these; a power of two, changed by tests only. */
extern uint32_t race__reread_share;

#define RACE_REREAD_CREDIT 4 // second reads of an epoch, more than there are epochs

bool race__reread_slow(goc_strand *strand, struct race__reread *reread, const void *pc);
/* Runs race__self.deferred. */
RACE_PRESERVE void race__reread_deferred(void);

/* A mark with the bytes and the kind of a plain read, and all of what is behind the one before
 * it. */
static RACE_INLINE bool race__reread_is_last(uint64_t mark)
{
    return (mark & (RACE_CELL_KIND | RACE_CELL_MORE)) == 0; // a link is "free"
}

/* REREAD's mark, which is in its word, whose cell is locked, is of the present epoch; false: it
 * was. */
static RACE_INLINE bool race__reread_move(goc_strand *strand, struct race__reread *reread)
{
    struct race__moments *block = reread->block;
    race__epoch own = strand->view.own;
    if (load_relaxed(&block->epoch) == own.raw)
        return false;
    if (reread->left < RACE_REREAD_CREDIT)
        reread->left++;
    store_relaxed(&block->epoch, own.raw);
    block->lockset[RACE_MOMENT_APART] = strand->lockset;
    race__strand_mark(strand);
    return true;
}

/* The cell is locked: are the word's marks REREAD's, and a plain read's at most? */
static RACE_INLINE bool race__reread_has_two(const struct race__reread *reread,
                                             uint64_t cell)
{
    uint64_t first = cell & ~RACE_CELL_MORE;
    if ((cell & RACE_CELL_MORE) == 0)
        return first == reread->mark;
    uint64_t second = load_relaxed(reread->spare);
    return first == reread->mark ? race__reread_is_last(second)
                                 : second == reread->mark && race__reread_is_last(first);
}

/* What race__reread_slow does where REREAD is made at the place where it was made last and nobody
 * has the cell's lock, without a call, for functions that save what registers they use.  False:
 * nothing was done.  That the strand is not alone is not asked: whoever comes later is born of one
 * that is, and knows the epoch that its mark moves to.  Nor about the window, for without a budget
 * it is open, and with one there are no rereads. */
static RACE_INLINE bool race__reread_quick(goc_strand *strand,
                                           struct race__reread *reread, const void *pc)
{
    if (reread->pc != pc || reread->context != race__strand_context_asked(strand) ||
        race__self.busy)
        return false;
    race__self.busy = true;
    compiler_barrier(); // as race__enter
    uint64_t *cell = reread->cell;
    uint64_t now = load_relaxed(cell) & ~RACE_CELL_LOCK;
    bool moved = false;
    if (likely(cas_acquire(cell, &now, now | RACE_CELL_LOCK))) {
        moved = likely(race__reread_has_two(reread, now)) &&
                race__reread_move(strand, reread);
        race__cell_unlock(cell, now);
    }
    compiler_barrier();
    race__self.busy = false;
    compiler_barrier(); // as race__leave
    if (unlikely(race__self.deferred != NULL))
        race__reread_deferred();
    return moved;
}

static RACE_INLINE struct race__reread *race__reread_at(struct race__reread *rereads,
                                                        uintptr_t addr)
{
    return &rereads[(addr / RACE_WORD_SIZE) % RACE_REREADS];
}

/* STRAND's for a read of SIZE bytes at ADDR, or NULL. */
static RACE_INLINE struct race__reread *race__reread_find(const goc_strand *strand,
                                                          uintptr_t addr, size_t size)
{
    if (likely(strand->rereads == NULL))
        return NULL;
    struct race__reread *reread = race__reread_at(strand->rereads, addr);
    return reread->addr == addr && reread->size == size ? reread : NULL;
}

/* Does STRAND, which is watched, read SIZE bytes at ADDR for the call at PC as it did before?  Then
 * its mark is of the present epoch. */
static RACE_INLINE bool race__reread(goc_strand *strand, uintptr_t addr, size_t size,
                                     const void *pc)
{
    struct race__reread *reread = race__reread_find(strand, addr, size);
    return reread != NULL && race__reread_slow(strand, reread, pc);
}

/* Inside the detector: STRAND, which is not alone, has just read SIZE bytes of one word at ADDR,
 * and that was not race__reread. */
void race__reread_consider(goc_strand *strand, uintptr_t addr, size_t size);

/* The next read is not to be considered, for a touch's mark moves on by other means
 * (entry/touch.c): an odd number is none of race__reread_share, unless that is 1. */
static RACE_INLINE void race__reread_pass_over(goc_strand *strand)
{
    strand->rereads_passed &= ~UINT32_C(1);
}

static RACE_INLINE void race__reread_note(goc_strand *strand, uintptr_t addr, size_t size)
{
    if (unlikely((++strand->rereads_passed & (race__reread_share - 1)) == 0))
        race__reread_consider(strand, addr, size);
}

#endif
