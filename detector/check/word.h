/* One access of one word: its past is compared with the access, and then has it in it. */
#ifndef GOC_CHECK_WORD_H
#define GOC_CHECK_WORD_H

#include "check/rules.h"
#include "state/strand.h"

/* STRAND accesses the word of ADDR.  TAG has the access's bytes, kind, leaf and lock set.
 * Appends to CONFLICTS.  Answers whether the access left a mark, which it does not where
 * earlier ones of the same epoch stand for it. */
bool race__word_access(goc_strand *strand, uintptr_t addr, uint64_t tag,
                       struct race__conflicts *conflicts);

/* The same in two steps, the first of which nearly always is the only one (short_way.c). */
enum race__outcome {
    RACE_LONG_WAY, // not dealt with: the word is still locked, and the second step follows
    RACE_KNOWN,    // the access adds nothing
    RACE_MARKED,   // it left a mark, and conflicts with nothing
};

/* *BEFORE is for the second step. */
enum race__outcome race__word_alone(goc_strand *strand, uintptr_t addr, uint64_t tag,
                                    uint64_t *before);
/* The first step where the caller has locked the word, whose cell was BEFORE. */
enum race__outcome race__word_alone_in(goc_strand *strand, uintptr_t addr, uint64_t tag,
                                       uint64_t before);
/* The same of a plain access MINE, as a cell has it, where all of the word's marks are few and
 * plain too: a long way else. */
enum race__outcome race__word_few(goc_strand *strand, uintptr_t addr, uint64_t mine,
                                  uint64_t before);
/* The same of a word that is not locked: neither afterwards, and as it was after a long way. */
enum race__outcome race__word_next(goc_strand *strand, uintptr_t addr, uint64_t mine);
bool race__word_among_others(goc_strand *strand, uintptr_t addr, uint64_t tag,
                             uint64_t before, struct race__conflicts *conflicts);

/* Accesses of whole words by STRAND, from ADDR up to END, as far as each is known, or its word
 * has few marks, or none, and nothing to report.
 * TAG has all bytes.  Answers the first word that needs more than that, END where none does;
 * sets *MARKED if one got a mark. */
uintptr_t race__words_alone(goc_strand *strand, uintptr_t addr, uintptr_t end,
                            uint64_t tag, bool *marked);

/* A plain read by STRAND, with TAG, goes into the log of ADDR's word (entry/uses.c), which begins
 * ANEW if need be.  False where it does not: the word has too few marks, or one that the read may
 * have something to report of.  May, without the lock, says whether that is worth a try. */
bool race__word_log(goc_strand *strand, uintptr_t addr, uint64_t tag, bool anew);

static RACE_INLINE bool race__word_may_log(uintptr_t addr)
{
    return (load_relaxed(race__shadow_cell(addr)) & RACE_CELL_MORE) != 0 &&
           race__cell_is_link(load_relaxed(race__shadow_spare(addr))) &&
           !race__rules_counted;
}

/* The same for STRAND while it is alone (state/strand.h), and no block's end: leaves no mark,
 * and of what was there only what later accesses can still race with. */
void race__word_settle(goc_strand *strand, uintptr_t addr, uint64_t tag,
                       struct race__conflicts *conflicts);

/* Without a lock: has STRAND, in its present epoch, left a mark that stands for a plain
 * access with BYTES (as a cell has them) in ADDR's word? */
static RACE_INLINE bool race__word_is_same(const goc_strand *strand, uintptr_t addr,
                                           uint64_t bytes, bool is_write)
{
    uint64_t cell = load_acquire(race__shadow_cell(addr));
    if (race__cell_knows(cell, strand->expect, bytes, is_write))
        return true;
    if (race__cell_says(cell, bytes, is_write) && strand->expect != RACE_EXPECT_NEVER &&
        race__run_has(race__strand_run(strand),
                      race__moment_epoch(race__cell_moment(cell))))
        return true; // in this epoch or one that is one with it, under other locks
    if ((cell & RACE_CELL_MORE) == 0 || strand->expect == RACE_EXPECT_NEVER)
        return false;
    uint64_t spare = load_acquire(race__shadow_spare(addr));
    if (race__cell_knows(spare, strand->expect, bytes, is_write))
        return true;
    return ((cell ^ strand->expect) & RACE_CELL_EPOCH) != 0 &&
           (spare & (RACE_CELL_MORE | RACE_CELL_FREE)) != 0 &&
           race__spare_knows(addr, strand->expect, race__strand_run(strand), bytes,
                             is_write);
}

#endif
