/* The first access of a word in an epoch, where the strand's own past, or that of another
 * before it, is all that the word has: most accesses that are not repeated.
 *
 * It is race__word_alone for plain accesses within a word that is locked, asked of the cell
 * as it is: one mark that the access stands for and is ordered after becomes the access's;
 * a read may have a mark beside that one, of a read or of the write that it reads from.  All else
 * is left to short_way.c, so what counts here is that a yes is right:
 *
 *   renews  the mark has no byte and no kind that the access has not, its epoch is not the
 *           present one, and it is ordered before the access (check/rules.h: dropped); nor does
 *           another strand keep it in mind
 *   stays   a read conflicts with no read, and stands for no write; a write that is ordered
 *           before it is nothing to report
 */
#ifndef GOC_CHECK_RENEW_H
#define GOC_CHECK_RENEW_H

#include "state/strand.h"

/* MINE: the access as a cell has it, plain and with a moment of the present epoch. */
static RACE_INLINE bool race__renews(const goc_strand *strand, uint64_t mine,
                                     uint64_t cell)
{
    uint64_t beyond =
        cell & ~mine &
        (RACE_CELL_BYTES | RACE_CELL_WRITE | RACE_CELL_FREE | RACE_CELL_REREAD);
    if (beyond != 0 || cell == 0)
        return false;
    race__epoch epoch = {race__moment_epoch(race__cell_moment(cell))};
    return !race__epoch_same(epoch, strand->view.own) &&
           race__view_covers_own(&strand->view, epoch);
}

/* Does the mark in CELL stay beside MINE, a read?  None of the present block: it may be MINE's
 * twin, or stand for it. */
static RACE_INLINE bool race__stays(const goc_strand *strand, uint64_t mine,
                                    uint64_t cell)
{
    if (((cell ^ mine) & RACE_CELL_EPOCH) == 0 || (cell & RACE_CELL_FREE) != 0)
        return false;
    if ((cell & RACE_CELL_WRITE) == 0)
        return true;
    race__epoch epoch = {race__moment_epoch(race__cell_moment(cell))};
    return (cell & RACE_CELL_ATOMIC) == 0 && !race__epoch_same(epoch, strand->view.own) &&
           race__view_covers_own(&strand->view, epoch);
}

/* FIRST and the word's spare are two marks, and all; the access is a read. */
static RACE_INLINE bool race__renew_of_two(goc_strand *strand, uintptr_t addr,
                                           uint64_t mine, uint64_t first)
{
    uint64_t *spare = race__shadow_spare(addr);
    uint64_t second = load_relaxed(spare);
    if (first == 0 || race__cell_is_link(second) || (second & RACE_CELL_MORE) != 0)
        return false;
    first &= ~race__cell_answers(first, second);
    if (race__renews(strand, mine, first) && race__stays(strand, mine, second)) {
        race__strand_drop(strand, race__cell_moment(first));
        return true;
    }
    if (race__renews(strand, mine, second) && race__stays(strand, mine, first)) {
        race__strand_drop(strand, race__cell_moment(second));
        store_release(spare, first);
        return true;
    }
    return false;
}

/* CELL is ADDR's, locked, and was BEFORE.  True: the access has left its mark, and the word
 * is unlocked. */
static RACE_INLINE bool race__word_renew(goc_strand *strand, uintptr_t addr,
                                         uint64_t *cell, uint64_t mine, uint64_t before)
{
    if ((before & RACE_CELL_MORE) == 0) {
        if (!race__renews(strand, mine, before))
            return false;
        race__strand_drop(strand, race__cell_moment(before));
    } else {
        if ((mine & RACE_CELL_WRITE) != 0 ||
            !race__renew_of_two(strand, addr, mine, before & ~RACE_CELL_MORE))
            return false;
        mine |= RACE_CELL_MORE;
    }
    strand->moment.puts++;
    race__cell_unlock(cell, mine);
    return true;
}

#endif
