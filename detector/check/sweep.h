/* Reads of pieces of lines, and the writes that meet them (state/sweep.h).
 *
 * What makes it exact.  A read that becomes its line's sweep conflicts with no mark of its words:
 * each that writes there is ordered before it.  It is a mark that the rules speak of
 * (check/rules.h), in each of the words.  It takes the place of an earlier sweep that has no other
 * bytes, and is ordered before it.  What it finds in a cell it finds without the cell's lock, where
 * one mark is all: the epoch of a moment is right while a cell names it.  Whoever takes a mark that
 * writes away meanwhile is a writer that nothing orders with the read, and finds the sweep or its
 * lock: that race is reported, and the writer stands for what it took away.  Or it is a reader, who
 * moves the mark to a crowd: if its block has ended then, the epoch found is of no strand or of
 * one that has just taken the block, which the read does not know.
 */
#ifndef GOC_CHECK_SWEEP_H
#define GOC_CHECK_SWEEP_H

#include "check/rules.h"
#include "state/strand.h"
#include "state/sweep.h"

/* STRAND reads [ADDR, END), two words at least, of one line; TAG is the read's but for its bytes.
 * False: no, word by word. */
bool race__sweep_join(goc_strand *strand, uintptr_t addr, uintptr_t end, uint64_t tag);

/* Is it worth asking?  Where the words had their marks renewed anyway it is not. */
static RACE_INLINE bool race__sweep_is_worth(uintptr_t addr)
{
    return (load_relaxed(race__shadow_cell(addr)) & (RACE_CELL_WRITE | RACE_CELL_MORE)) !=
           0;
}

/* Without the lock: has STRAND, in its present epoch, read all of [ADDR, END), of one line? */
static RACE_INLINE bool race__sweep_knows(const goc_strand *strand, uintptr_t addr,
                                          uintptr_t end)
{
    const struct race__sweep *sweep = race__sweep_of(addr);
    return race__run_has(race__strand_run(strand), load_acquire(&sweep->epoch)) &&
           (race__sweep_bytes(addr, end) & ~load_relaxed(&sweep->bytes)) == 0;
}

/* Behind a mark of STRAND's at ADDR, which writes: is the line's sweep, if it has one, ordered
 * before it? */
static RACE_INLINE bool race__sweep_is_before(const goc_strand *strand, uintptr_t addr)
{
    race__epoch epoch = {load_acquire(&race__sweep_of(addr)->epoch)};
    return race__epoch_is_none(epoch) || ((epoch.raw & RACE_SWEEP_LOCK) == 0 &&
                                          race__view_covers_own(&strand->view, epoch));
}

/* STRAND, which is alone, is about to look at ADDR's word, which may come to look as if it had no
 * marks. */
void race__sweep_settle(const goc_strand *strand, uintptr_t addr);

/* Appends to CONFLICTS what a write of STRAND with TAG, that has left its mark in ADDR's word,
 * finds in the line's sweep. */
void race__sweep_judge(const goc_strand *strand, uintptr_t addr, uint64_t tag,
                       struct race__conflicts *conflicts);

#endif
