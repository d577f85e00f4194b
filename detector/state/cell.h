/* The cell of a word, and the word's marks as they are worked with.
 *
 * A cell is one machine word: the newest mark of 8 bytes of the program (goc/race_inline.h
 * draws it), because it is what repeated accesses ask for, and because what one strand
 * uses at a time leaves no other.  A second mark stands in the word's spare, a third and a
 * fourth in its rest, in the same form: a word of two ints that are written at different
 * times and then read has so many.  More have a crowd (state/crowd.h), and the spare links to it.
 *
 *   spare   0 | a cell's form, without lock | the link to a crowd
 *   rest    two in a cell's form, without lock
 *   link    address / 16 (43) at bit 21, log2 of its half (8) at bit 0, free without write
 *
 * Each has "more" where the next one is a mark too (or the link), and else the next one is
 * anything.  A link has not.
 *
 * The cell of a few marks answers for more than its own: where others of them are of its block
 * of moments, plain, and write if it does, it has their bytes too.  So repeated accesses of both
 * halves of a word are known without a call, though each half has a mark.  Marks of one block
 * that write, or do not, have no byte in common, and a read none with a write: what an earlier
 * one stands for gets no mark, and what it stands for loses the byte.  So the cell's own bytes
 * are those that no such mark has, and nothing need say which they are (race__cell_answers).
 *
 * A mark in a cell names its moment (state/moment.h), one in a crowd its epoch and lock
 * set: race__mark, the long form, which all but the cells use.
 *
 *   tag  63   62   61     60    59    52 51       28 27                 0
 *        0    free atomic write bytes(8) lockset(24) leaf(28)
 *
 * A mark whose leaf does not fit into a cell, or that was put when all moments were in
 * use, is kept in a crowd.  A cell without a mark whose word has a crowd has "free" set and
 * no bytes, so that a comparison with a cell of a word without marks does not take it for one.
 *
 * Reading without the lock.  An access that the same strand already made in the same
 * epoch needs nothing new, and asks so without a lock: it finds a moment of its present
 * epoch in the cell, the spare or the rest.  That is exact because a moment is put by its strand
 * alone, and stays until removed; what others take away meanwhile conflicts with the reader, and
 * the order in which the two happened is as good as the other.
 *
 * Guard: the cell's lock bit, for cell, spare, rest and crowd.  One exception: where the cell is
 * all, a strand puts its mark by one compare-and-swap in place of 0, of a word that has no marks,
 * or of a mark of its own that the new one stands for.
 */
#ifndef GOC_STATE_CELL_H
#define GOC_STATE_CELL_H

#include "state/crowd.h"
#include "state/moment.h"
#include "state/shadow.h"

#include <goc/race_inline.h>

#define RACE_CELL_BYTES UINT64_C(0xff)
#define RACE_CELL_WRITE (UINT64_C(1) << RACE_CELL_WRITE_BIT)
#define RACE_CELL_MORE (UINT64_C(1) << RACE_CELL_MORE_BIT) // the next one counts
#define RACE_CELL_FREE (UINT64_C(1) << RACE_CELL_FREE_BIT)
#define RACE_CELL_ATOMIC (UINT64_C(1) << RACE_CELL_ATOMIC_BIT)
#define RACE_CELL_LOCK (UINT64_C(1) << RACE_CELL_LOCK_BIT)
#define RACE_CELL_KIND (RACE_CELL_WRITE | RACE_CELL_FREE | RACE_CELL_ATOMIC)
#define RACE_CELL_LEAF_MAX ((1u << (64 - RACE_CELL_LEAF_BIT)) - 1)
#define RACE_CELL_MOMENT (((UINT64_C(1) << RACE_MOMENT_BITS) - 1) << RACE_CELL_MOMENT_BIT)

_Static_assert(RACE_CELL_MOMENT_BIT + RACE_MOMENT_BITS == RACE_CELL_LEAF_BIT,
               "moment and leaf are neighbours");
_Static_assert(RACE_CELL_MOMENT_BIT + RACE_MOMENT_SHIFT == RACE_CELL_EPOCH_BIT,
               "inlined checks leave the locks out");
_Static_assert((RACE_TAG_BYTES >> RACE_TAG_BYTES_SHIFT) == RACE_CELL_BYTES,
               "a shift turns one form's bytes into the other's");

/* In a mark that some strand keeps in mind (entry/reread.c); others have it as well, now and
 * then. */
#define RACE_CELL_REREAD ((uint64_t)RACE_MOMENT_APART << RACE_CELL_MOMENT_BIT)

/* The epoch, whatever locks were held. */
#define RACE_CELL_EPOCH                                                                  \
    (RACE_CELL_MOMENT & ~((uint64_t)(RACE_MOMENTS_A_BLOCK - 1) << RACE_CELL_MOMENT_BIT))

/* What a strand compares cells with: at MOMENT, when it has none, or while it is alone
 * (state/strand.h): then cells that have no marks say all, and others nothing. */
#define RACE_EXPECT_NEVER UINT64_MAX // the moment of all ones is nobody's
#define RACE_EXPECT_NO_MARKS UINT64_C(0)

static inline uint64_t race__expect(uint32_t moment)
{
    return (uint64_t)moment << RACE_CELL_MOMENT_BIT | RACE_CELL_WRITE | RACE_CELL_BYTES;
}

static inline uint32_t race__cell_moment(uint64_t cell)
{
    return (uint32_t)((cell & RACE_CELL_MOMENT) >> RACE_CELL_MOMENT_BIT);
}

/* Does the mark in CELL say all that a plain access with BYTES (as a cell has them) would,
 * for the strand that has EXPECT? */
static RACE_INLINE bool race__cell_knows(uint64_t cell, uint64_t expect, uint64_t bytes,
                                         bool is_write)
{
    uint64_t asked = RACE_CELL_EPOCH | RACE_CELL_LOCK | RACE_CELL_ATOMIC |
                     RACE_CELL_FREE | bytes | (is_write ? RACE_CELL_WRITE : 0);
    return ((cell ^ expect) & asked) == 0;
}

/* The same, but for the question whose mark it is and when it was put. */
static RACE_INLINE bool race__cell_says(uint64_t cell, uint64_t bytes, bool is_write)
{
    uint64_t need = bytes | (is_write ? RACE_CELL_WRITE : 0);
    return (cell & (need | RACE_CELL_LOCK | RACE_CELL_ATOMIC | RACE_CELL_FREE)) == need;
}

/* The bytes of its word that an access of SIZE at ADDR touches, as a cell has them. */
static RACE_INLINE uint64_t race__cell_bytes(uintptr_t addr, size_t size)
{
    return ((UINT64_C(1) << size) - 1) << (addr & (RACE_WORD_SIZE - 1));
}

/* A plain mark with BYTES at MOMENT; LEAF is not 0 and fits. */
static RACE_INLINE uint64_t race__cell_plain(uint64_t bytes, bool is_write,
                                             uint32_t moment, uint32_t leaf)
{
    return bytes | (is_write ? RACE_CELL_WRITE : 0) |
           (uint64_t)moment << RACE_CELL_MOMENT_BIT |
           (uint64_t)leaf << RACE_CELL_LEAF_BIT;
}

static inline bool race__cell_is_link(uint64_t spare)
{
    return (spare & (RACE_CELL_WRITE | RACE_CELL_FREE)) == RACE_CELL_FREE;
}

/* A mark of TAG at MOMENT in a cell's form, 0 where it has none. */
static inline uint64_t race__cell_of(uint64_t tag, uint32_t moment)
{
    uint64_t cell = (tag & RACE_TAG_BYTES) >> RACE_TAG_BYTES_SHIFT |
                    (uint64_t)moment << RACE_CELL_MOMENT_BIT |
                    (uint64_t)race__tag_leaf(tag) << RACE_CELL_LEAF_BIT;
    if (race__tag_leaf(tag) > RACE_CELL_LEAF_MAX || race__tag_leaf(tag) == 0 ||
        moment == 0)
        return 0;
    if ((tag & RACE_TAG_WRITE) != 0)
        cell |= RACE_CELL_WRITE;
    if ((tag & RACE_TAG_ATOMIC) != 0)
        cell |= RACE_CELL_ATOMIC;
    if ((tag & RACE_TAG_FREE) != 0)
        cell |= RACE_CELL_FREE;
    return cell;
}

/* The kind of CELL's mark, as a tag has it. */
static inline uint64_t race__cell_kind(uint64_t cell)
{
    uint64_t kind = 0;
    if ((cell & RACE_CELL_WRITE) != 0)
        kind |= RACE_TAG_WRITE;
    if ((cell & RACE_CELL_ATOMIC) != 0)
        kind |= RACE_TAG_ATOMIC;
    if ((cell & RACE_CELL_FREE) != 0)
        kind |= RACE_TAG_FREE;
    return kind;
}

/* The long form of the mark in CELL, which is locked or in a word that is. */
struct race__mark race__cell_mark(uint64_t cell);

/* A cell may also be a summary: of one strand's marks in the word's crowd that stand for
 * more together than any of them does.  It is no mark, and has no leaf; whoever opens the
 * word drops it. */
static inline bool race__cell_is_summary(uint64_t cell)
{
    return (cell & RACE_CELL_BYTES) != 0 && cell >> RACE_CELL_LEAF_BIT == 0;
}

/* One of KIND and bytes as in TAG, at MOMENT. */
static inline uint64_t race__cell_summary(uint64_t tag, uint32_t moment)
{
    return (tag & RACE_TAG_BYTES) >> RACE_TAG_BYTES_SHIFT |
           (uint64_t)moment << RACE_CELL_MOMENT_BIT |
           ((tag & RACE_TAG_WRITE) != 0 ? RACE_CELL_WRITE : 0);
}

#define RACE_WORD_PLACES (2 + RACE_REST) // the cell, the spare and the rest

/* All of a locked word's marks.  A mark in a place has a moment, and the epoch 0 where there
 * is none; with a crowd, all but the first are empty. */
struct race__word {
    struct race__mark place[RACE_WORD_PLACES];
    uint32_t moment[RACE_WORD_PLACES];
    struct race__crowd crowd; // head NULL for none
    uint64_t summary;         // for the cell, with a crowd and nothing in place[0]; or 0
};

uint64_t race__cell_lock_slow(uint64_t *cell);

/* Keeps everybody else who would change the word out; answers the cell as it was. */
static inline uint64_t race__cell_lock(uint64_t *cell)
{
    uint64_t now = load_relaxed(cell) & ~RACE_CELL_LOCK;
    if (unlikely(!cas_acquire(cell, &now, now | RACE_CELL_LOCK)))
        return race__cell_lock_slow(cell);
    return now;
}

/* The cell becomes NOW, which has no lock. */
static inline void race__cell_unlock(uint64_t *cell, uint64_t now)
{
    store_release(cell, now);
}

/* The marks of ADDR's word, whose locked cell is CELL; and the word gets what is in WORD,
 * and is unlocked; BEFORE is the cell as open had it.  OWNER counts the moments: the present
 * strand's, or NULL where no new mark is in WORD. */
void race__word_open(uintptr_t addr, uint64_t cell, struct race__word *word);
void race__word_close(uintptr_t addr, uint64_t before, const struct race__word *word,
                      struct race__moment_owner *owner);

/* The bytes for which the cell's mark FIRST answers because OTHER, a mark or a link, is behind
 * it. */
static RACE_INLINE uint64_t race__cell_answers(uint64_t first, uint64_t other)
{
    uint64_t plain = RACE_CELL_FREE | RACE_CELL_ATOMIC; // neither has these
    uint64_t apart =
        (first & plain) |
        ((first ^ other) & (RACE_CELL_EPOCH | plain | (first & RACE_CELL_WRITE)));
    return apart == 0 ? other & RACE_CELL_BYTES : 0;
}

/* The first and the last step of that.  Load answers how many MARKs ADDR's word has, whose
 * locked cell is CELL, all without more; the second of two may be a link.  Store gives the word
 * COUNT marks, one at least, where the cell was BEFORE, and unlocks it. */
static RACE_INLINE unsigned race__word_load(uintptr_t addr, uint64_t cell,
                                            uint64_t mark[RACE_WORD_PLACES])
{
    unsigned count = 1;
    uint64_t own = RACE_CELL_BYTES;
    mark[0] = cell & ~RACE_CELL_MORE;
    if ((cell & RACE_CELL_MORE) == 0)
        return count;
    char *region = race__region(addr);
    uint64_t now = load_relaxed(race__shadow_spare_in(region, addr));
    const uint64_t *rest = race__shadow_rest_in(region, addr);
    for (;;) {
        own &= ~race__cell_answers(cell, now);
        mark[count++] = now & ~RACE_CELL_MORE;
        if ((now & RACE_CELL_MORE) == 0 || count == RACE_WORD_PLACES)
            break;
        now = load_relaxed(&rest[count - 2]);
    }
    mark[0] &= own | ~RACE_CELL_BYTES;
    return count;
}

static RACE_INLINE void race__word_store(uintptr_t addr, uint64_t before,
                                         const uint64_t mark[RACE_WORD_PLACES],
                                         unsigned count)
{
    uint64_t more = 0;
    uint64_t first = mark[0];
    if (count > 1 && (before & RACE_CELL_MORE) == 0)
        race__shadow_enliven(addr);
    char *region = race__region(addr);
    for (unsigned i = count; i-- > 2; more = RACE_CELL_MORE) {
        first |= race__cell_answers(mark[0], mark[i]);
        store_relaxed(&race__shadow_rest_in(region, addr)[i - 2], mark[i] | more);
    }
    if (count > 1) {
        first |= race__cell_answers(mark[0], mark[1]) | RACE_CELL_MORE;
        store_release(race__shadow_spare_in(region, addr), mark[1] | more);
    } else if ((before & RACE_CELL_MORE) != 0) { // a link that is no more must not stay
        store_release(race__shadow_spare_in(region, addr), 0);
    }
    race__cell_unlock(race__shadow_cell(addr), first);
}

/* Who knows BY, knows all that the log of ADDR's word has, if that has one:
 * answers whether. */
bool race__word_log_known(uintptr_t addr, race__epoch by);

/* WORD has a crowd, with what was in all places but the first, whether or not it had one. */
void race__word_to_crowd(struct race__word *word);

/* Without the lock: does ADDR's spare, its rest, or the crowd, say all that a plain access
 * would, for the strand of EXPECT and RUN? */
bool race__spare_knows(uintptr_t addr, uint64_t expect, race__run run, uint64_t bytes,
                       bool is_write);

#endif
