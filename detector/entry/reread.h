/* Reads that a strand makes again and again, one in each epoch: of the pointer to a channel, say. */
#ifndef GOC_DETECTOR_ENTRY_REREAD_H
#define GOC_DETECTOR_ENTRY_REREAD_H

#include "state/strand.h"

/* One plain read in so many that need more than a look at the cell is asked whether it is
 * one of these; a power of two, changed by tests only. */
extern uint32_t race__reread_share;

/* Does STRAND, which is watched, read SIZE bytes at ADDR for the call at PC as it did before?  Then
 * its mark is of the present epoch. */
bool race__reread_slow(goc_strand *strand, struct race__reread *reread, const void *pc);

static RACE_INLINE struct race__reread *race__reread_at(struct race__reread *rereads,
                                                        uintptr_t addr)
{
    return &rereads[(addr / RACE_WORD_SIZE) % RACE_REREADS];
}

static RACE_INLINE bool race__reread(goc_strand *strand, uintptr_t addr, size_t size,
                                     const void *pc)
{
    if (likely(strand->rereads == NULL))
        return false;
    struct race__reread *reread = race__reread_at(strand->rereads, addr);
    return reread->addr == addr &&
           (reread->mark & RACE_CELL_BYTES) == race__cell_bytes(addr, size) &&
           race__reread_slow(strand, reread, pc);
}

/* Inside the detector: STRAND, which is not alone, has just read SIZE bytes of one word at ADDR, and that
 * was not race__reread. */
void race__reread_consider(goc_strand *strand, uintptr_t addr, size_t size);

static RACE_INLINE void race__reread_note(goc_strand *strand, uintptr_t addr, size_t size)
{
    if (unlikely((++strand->rereads_passed & (race__reread_share - 1)) == 0))
        race__reread_consider(strand, addr, size);
}

#endif
