/* Shadow memory: where it is kept what accesses of each 8 bytes of the program left.
 *
 *   cells    8 bytes a word: the newest mark (state/cell.h)
 *   spares   8 bytes a word: a second mark, or the link to more
 *   rests    16 bytes a word: a third and a fourth mark
 *   lines    8 bytes a 64: sync objects and blocks (state/line.h)
 *   notes    1 byte a KiB: what may be there, so that the rest is not looked at
 *   audiences  8 bytes a KiB: who has read all of it (state/audience.h)
 *   sweeps   32 bytes a 64: who has read a piece of it (state/sweep.h)
 *
 * Cells are asked for by every access, so they are one reservation, found by a mask:
 * address & (2^46 - 1) in 64 TiB, half of what Linux gives a program.
 *
 *   No two addresses of the program share a cell.  Such a pair would be 64 TiB apart.  The
 *   reservation is 64 TiB long, so one of the two would lie in it: where it begins above
 *   the lower, the upper one does, else the lower.  And what lies in it is no memory of the
 *   program's.
 *
 * That holds wherever the kernel puts the reservation; no address is fixed.  Beside
 * ThreadSanitizer, which leaves less room, 16 TiB are enough: its ranges for the program
 * differ in their lower 44 bits.
 *
 * The rest is asked for by slow paths.  The 47-bit address space is divided into regions
 * of 8 GiB; a table says where a region's spares, lines and so on are.  Regions nobody
 * touched share one region of zeros, which is only ever read.
 */
#ifndef GOC_STATE_SHADOW_H
#define GOC_STATE_SHADOW_H

#include "base/atomic.h"
#include "base/compiler.h"
#include "state/epoch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RACE_ADDRESS_BITS 47 // what Linux gives to programs that do not ask for more
#define RACE_REGION_BITS 33
#define RACE_REGION_SIZE (UINT64_C(1) << RACE_REGION_BITS)
#define RACE_REGION_COUNT (1u << (RACE_ADDRESS_BITS - RACE_REGION_BITS))

#define RACE_WORD_SHIFT 3 // 8 bytes a word
#define RACE_WORD_SIZE (1u << RACE_WORD_SHIFT)

#define RACE_TAG_LEAF_BITS 28
#define RACE_TAG_LOCKSET_BITS 24
#define RACE_TAG_LOCKSET_SHIFT RACE_TAG_LEAF_BITS
#define RACE_TAG_BYTES_SHIFT (RACE_TAG_LEAF_BITS + RACE_TAG_LOCKSET_BITS)
#define RACE_TAG_BYTES (UINT64_C(0xff) << RACE_TAG_BYTES_SHIFT)
#define RACE_TAG_WRITE (UINT64_C(1) << 60)
#define RACE_TAG_ATOMIC (UINT64_C(1) << 61)
#define RACE_TAG_FREE (UINT64_C(1) << 62) // with WRITE: the block went
#define RACE_TAG_KIND (RACE_TAG_WRITE | RACE_TAG_ATOMIC | RACE_TAG_FREE)

_Static_assert(RACE_TAG_BYTES_SHIFT + RACE_WORD_SIZE + 4 == 64, "a tag is one word");

/* One access that still matters, in its long form. */
struct race__mark {
    uint64_t epoch; // a race__epoch's raw, 0 for no mark
    uint64_t tag;
};

_Static_assert(sizeof(struct race__mark) == 16, "two to a comparison of 32 bytes");

#ifdef GOC_RACE_BOTH
#define RACE_CELLS_BYTES (UINT64_C(1) << 44)
#else
#define RACE_CELLS_BYTES (UINT64_C(1) << 46)
#endif

struct goc_race_shadow {
    char *base;
    uint64_t mask; // of an address: its word, within the reservation
};

/* const after race__shadow_init; instrumented code reads it. */
extern RACE_EXPORT struct goc_race_shadow goc_race_shadow;

/* What a region holds. */
#define RACE_LINE_SHIFT 6 // one line head a 64 bytes
#define RACE_LINE_SIZE (1u << RACE_LINE_SHIFT)
#define RACE_NOTE_SHIFT 10
#define RACE_NOTE_SIZE (1u << RACE_NOTE_SHIFT) // one note a KiB
#define RACE_SPARES_BYTES RACE_REGION_SIZE
#define RACE_LINES_BYTES (RACE_REGION_SIZE >> RACE_LINE_SHIFT << 3)
#define RACE_NOTES_BYTES (RACE_REGION_SIZE >> RACE_NOTE_SHIFT)
#define RACE_AUDIENCES_OFFSET (RACE_SPARES_BYTES + RACE_LINES_BYTES + RACE_NOTES_BYTES)
#define RACE_AUDIENCES_BYTES (RACE_REGION_SIZE >> RACE_NOTE_SHIFT << 3)
#define RACE_RESTS_OFFSET (RACE_AUDIENCES_OFFSET + RACE_AUDIENCES_BYTES)
#define RACE_REST 2u // marks
#define RACE_RESTS_BYTES (RACE_REST * RACE_REGION_SIZE)
#define RACE_SWEEPS_OFFSET (RACE_RESTS_OFFSET + RACE_RESTS_BYTES)
#define RACE_SWEEP_BYTES 32u // of a line's
#define RACE_SWEEPS_BYTES (RACE_REGION_SIZE / RACE_LINE_SIZE * RACE_SWEEP_BYTES)

/* A note says what the KiB may hold; without its bit there is nothing to look for. */
#define RACE_NOTE_MARKS 1u
#define RACE_NOTE_LINES 2u
#define RACE_NOTE_ASKED 4u    // of a huge page's first KiB: entry/heap.c; stays
#define RACE_NOTE_AUDIENCE 8u // with RACE_NOTE_MARKS
#define RACE_NOTE_SWEEP 16u   // stays
#define RACE_NOTE_READERS (RACE_NOTE_AUDIENCE | RACE_NOTE_SWEEP)

/* const after race__shadow_init, but for regions that come to life (atomic). */
extern char *race__regions[RACE_REGION_COUNT];
extern char *race__region_of_zeros; // const after race__shadow_init

/* Before anything else here.  CELLS: the reservation, of RACE_CELLS_BYTES. */
void race__shadow_init(char *cells);
/* For a fork: nobody begins a region. */
void race__shadow_hold(bool hold);
/* The region of ADDR comes to life, if it has not. */
RACE_COLD void race__shadow_touch(uintptr_t addr);

/* Addresses wrap at 47 bits: no access can reach beyond the table. */
static RACE_INLINE char *race__region(uintptr_t addr)
{
    return load_relaxed(
        &race__regions[addr >> RACE_REGION_BITS & (RACE_REGION_COUNT - 1)]);
}

/* The cell of ADDR's word.  In the shared region of zeros, its spare may only be read. */
static RACE_INLINE uint64_t *race__shadow_cell(uintptr_t addr)
{
    return (uint64_t *)(goc_race_shadow.base + (addr & goc_race_shadow.mask));
}

static inline bool race__shadow_is_live(uintptr_t addr)
{
    return race__region(addr) != race__region_of_zeros;
}

/* For one who puts something there: ADDR's region comes to life. */
static inline void race__shadow_enliven(uintptr_t addr)
{
    if (unlikely(!race__shadow_is_live(addr)))
        race__shadow_touch(addr);
}

/* In ADDR's REGION, for those who look it up once. */
static RACE_INLINE uint64_t *race__shadow_spare_in(char *region, uintptr_t addr)
{
    return (uint64_t *)(region + (addr & (RACE_REGION_SIZE - RACE_WORD_SIZE)));
}

static RACE_INLINE uint64_t *race__shadow_rest_in(char *region, uintptr_t addr)
{
    uintptr_t offset = addr & (RACE_REGION_SIZE - RACE_WORD_SIZE);
    return (uint64_t *)(region + RACE_RESTS_OFFSET + RACE_REST * offset);
}

static RACE_INLINE uint64_t *race__shadow_spare(uintptr_t addr)
{
    return race__shadow_spare_in(race__region(addr), addr);
}

static RACE_INLINE uint64_t *race__shadow_rest(uintptr_t addr)
{
    return race__shadow_rest_in(race__region(addr), addr);
}

/* The note of ADDR's KiB, and the head of ADDR's line; the region must be live. */
static inline uint8_t *race__shadow_note(uintptr_t addr)
{
    uintptr_t offset = addr & (RACE_REGION_SIZE - 1);
    return (uint8_t *)race__region(addr) + RACE_SPARES_BYTES + RACE_LINES_BYTES +
           (offset >> RACE_NOTE_SHIFT);
}

static inline uint64_t *race__shadow_line(uintptr_t addr)
{
    uintptr_t offset = addr & (RACE_REGION_SIZE - 1);
    return (uint64_t *)(race__region(addr) + RACE_SPARES_BYTES) +
           (offset >> RACE_LINE_SHIFT);
}

/* Set BIT in the note of ADDR's KiB.  After what the bit stands for is there, so that a
 * clearing that takes the bit away first finds the one or leaves the other.  Answers whether
 * the note has ASKED too. */
static inline bool race__shadow_note_with(uintptr_t addr, uint8_t bit, uint8_t asked)
{
    uint8_t *note = race__shadow_note(addr);
    uint8_t now = load_relaxed(note);
    if (likely((now & (bit | asked)) == bit))
        return false;
    if ((now & bit) != bit)
        now = fetch_or_acq_rel(note, bit);
    return (now & asked) != 0;
}

/* May ADDR's KiB, whose region is live, have readers that are not in its words?  Asked behind a
 * mark. */
static inline bool race__shadow_has_readers(uintptr_t addr)
{
    return (load_relaxed(race__shadow_note(addr)) & RACE_NOTE_READERS) != 0;
}

static inline void race__shadow_take_note(uintptr_t addr, uint8_t bit)
{
    (void)race__shadow_note_with(addr, bit, 0);
}

/* The bytes of its word that an access of SIZE at ADDR touches, as a tag has them.
 * The access stays within the word. */
static RACE_INLINE uint64_t race__tag_bytes(uintptr_t addr, size_t size)
{
    return ((UINT64_C(1) << size) - 1)
           << (addr & (RACE_WORD_SIZE - 1)) << RACE_TAG_BYTES_SHIFT;
}

static inline uint64_t race__tag_make(uint32_t leaf, uint32_t lockset)
{
    return (uint64_t)lockset << RACE_TAG_LOCKSET_SHIFT | leaf;
}

static inline uint32_t race__tag_leaf(uint64_t tag)
{
    return (uint32_t)(tag & ((1u << RACE_TAG_LEAF_BITS) - 1));
}

static inline uint32_t race__tag_lockset(uint64_t tag)
{
    return (uint32_t)(tag >> RACE_TAG_LOCKSET_SHIFT &
                      ((1u << RACE_TAG_LOCKSET_BITS) - 1));
}

/* The first address in [ADDR, END) whose KiB has BIT, or any of several, in its note, END where
 * there is none.
 * Skips regions that are not live. */
uintptr_t race__shadow_noted(uintptr_t addr, uintptr_t end, uint8_t bit);

#endif
