/* One access of one word: its past is compared with the access, and then has it in it. */
#ifndef GOC_CHECK_WORD_H
#define GOC_CHECK_WORD_H

#include "check/rules.h"
#include "state/view.h"

/* Locks CELL.  TAG has the access's bytes, kind, leaf and lock set; VIEW is the view of
 * the strand that makes it.  Appends to CONFLICTS.  Answers whether the access left a mark,
 * which it does not where earlier ones of the same epoch stand for it. */
bool race__word_access(struct race__cell *cell, uint64_t tag,
                       const struct race__view *view, struct race__conflicts *conflicts);

/* Without a lock: has the strand of EPOCH left a mark in EPOCH that stands for a plain
 * access with BYTES (as a tag has them)?  The out-of-line part of the question that fast
 * paths ask of the cell itself. */
static RACE_INLINE bool race__word_is_same(const struct race__cell *cell,
                                           race__epoch epoch, uint64_t bytes,
                                           bool is_write)
{
    uint64_t need = bytes | (is_write ? RACE_TAG_WRITE : 0);
    uint64_t asked = need | RACE_TAG_ATOMIC | RACE_TAG_FREE;
    uint64_t tag = load_acquire(&cell->mark[0].tag);
    if ((tag & asked) == need && load_acquire(&cell->mark[0].epoch) == epoch.raw)
        return true;
    tag = load_acquire(&cell->mark[1].tag);
    return (tag & asked) == need && load_acquire(&cell->mark[1].epoch) == epoch.raw;
}

#endif
