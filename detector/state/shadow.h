/* Shadow memory: for each 8 bytes of the program, what accesses left there.
 *
 * A word's cell holds marks, one for each access that still matters.  Two are inline; when
 * more matter at once, the second place links to a crowd (state/crowd.h), so that nothing
 * is ever forgotten for want of room.
 *
 *   cell  ┌───────────────── mark 0 ─────────────────┬── mark 1, or the link to a crowd ──┐
 *         │ epoch (64)            tag (64)           │ epoch | pointer      tag | version │
 *         └──────────────────────────────────────────┴────────────────────────────────────┘
 *   tag   63   62   61     60    59    52 51       28 27                 0
 *         lock free atomic write bytes(8) lockset(24) leaf(28)
 *
 * bytes: which of the eight the access touched.  leaf: the calling context and the pc
 * (state/context.h), so that the stack of every access that matters is complete.
 * lockset: the locks held (state/lockset.h).  free without write: a link.
 * lock: of the whole cell, in mark 0 only.
 *
 * Reading without the lock.  An access that the same strand already made in the same
 * epoch needs nothing new, and asks so without a lock.  That is exact because
 *   (1) a mark with epoch E is put by E's strand alone, and stays E's until removed;
 *   (2) putting stores epoch 0, then the tag, then the epoch; the reader loads the tag
 *       first and the epoch second: it cannot pair E with a tag of another epoch.
 * Others may take bytes away meanwhile: they conflict with the reader, and the order in
 * which the two happened is as good as the other.
 *
 * Where it lies: the 47-bit address space is divided into regions of 8 GiB; a table says
 * where a region's cells are, so that no address of the program or of the shadow is
 * fixed.  Regions nobody touched share one region of zeros, which is only ever read.
 * Cells, lines (state/line.h) and the pages' notes of a region are one reservation.
 */
#ifndef GOC_STATE_SHADOW_H
#define GOC_STATE_SHADOW_H

#include "base/atomic.h"
#include "base/compiler.h"
#include "state/epoch.h"

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
#define RACE_TAG_FREE (UINT64_C(1) << 62) // with WRITE: the block went; alone: a link
#define RACE_TAG_LOCK (UINT64_C(1) << 63)
#define RACE_TAG_KIND (RACE_TAG_WRITE | RACE_TAG_ATOMIC | RACE_TAG_FREE)

_Static_assert(RACE_TAG_BYTES_SHIFT + RACE_WORD_SIZE + 4 == 64, "a tag is one word");

struct race__mark {
    uint64_t epoch; // atomic: a race__epoch's raw; changed under the cell's lock
    uint64_t tag;   // atomic: changed under the cell's lock
};

#define RACE_CELL_MARKS 2

struct race__cell {
    struct race__mark mark[RACE_CELL_MARKS];
};

_Static_assert(sizeof(struct race__mark) == 16, "inlined checks know it");
_Static_assert(sizeof(struct race__cell) == 32, "inlined checks know it");

#define RACE_CELL_SHIFT 5
#define RACE_CELL_SCALE                                                                  \
    (RACE_CELL_SHIFT - RACE_WORD_SHIFT) // shadow bytes a byte: 1 << it

/* What else a region holds, behind its cells. */
#define RACE_LINE_SHIFT 6 // one line head a 64 bytes
#define RACE_NOTE_SHIFT 10
#define RACE_NOTE_SIZE (1u << RACE_NOTE_SHIFT) // one note a KiB: a page of cells
#define RACE_CELLS_BYTES (RACE_REGION_SIZE << RACE_CELL_SCALE)
#define RACE_LINES_BYTES (RACE_REGION_SIZE >> RACE_LINE_SHIFT << 3)
#define RACE_NOTES_BYTES (RACE_REGION_SIZE >> RACE_NOTE_SHIFT)

/* A note says what the KiB may hold; without its bit there is nothing to look for. */
#define RACE_NOTE_MARKS 1u
#define RACE_NOTE_LINES 2u

/* const after race__shadow_init, but for regions that come to life (atomic). */
extern char *race__regions[RACE_REGION_COUNT];
extern char *race__region_of_zeros; // const after race__shadow_init

/* Before anything else here. */
void race__shadow_init(void);
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

/* The cell of ADDR's word, to read without its lock. */
static RACE_INLINE struct race__cell *race__shadow_peek(uintptr_t addr)
{
    uintptr_t offset = addr & (RACE_REGION_SIZE - RACE_WORD_SIZE);
    return (struct race__cell *)(race__region(addr) + (offset << RACE_CELL_SCALE));
}

static inline bool race__shadow_is_live(uintptr_t addr)
{
    return race__region(addr) != race__region_of_zeros;
}

/* The cell of ADDR's word, to change: its region comes to life. */
static inline struct race__cell *race__shadow_cell(uintptr_t addr)
{
    if (unlikely(!race__shadow_is_live(addr)))
        race__shadow_touch(addr);
    return race__shadow_peek(addr);
}

/* The note of ADDR's KiB, and the head of ADDR's line; the region must be live. */
static inline uint8_t *race__shadow_note(uintptr_t addr)
{
    uintptr_t offset = addr & (RACE_REGION_SIZE - 1);
    return (uint8_t *)race__region(addr) + RACE_CELLS_BYTES + RACE_LINES_BYTES +
           (offset >> RACE_NOTE_SHIFT);
}

static inline uint64_t *race__shadow_line(uintptr_t addr)
{
    uintptr_t offset = addr & (RACE_REGION_SIZE - 1);
    return (uint64_t *)(race__region(addr) + RACE_CELLS_BYTES) +
           (offset >> RACE_LINE_SHIFT);
}

/* Set BIT in the note of ADDR's KiB.  After what the bit stands for is there, so that a
 * clearing that takes the bit away first finds the one or leaves the other. */
static inline void race__shadow_take_note(uintptr_t addr, uint8_t bit)
{
    uint8_t *note = race__shadow_note(addr);
    if (unlikely((load_relaxed(note) & bit) == 0))
        (void)fetch_or_acq_rel(note, bit);
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

static inline bool race__tag_is_link(uint64_t tag)
{
    return (tag & (RACE_TAG_WRITE | RACE_TAG_FREE)) == RACE_TAG_FREE;
}

void race__cell_lock_slow(struct race__cell *cell);

/* Keeps everybody else who would change the cell out. */
static inline void race__cell_lock(struct race__cell *cell)
{
    uint64_t tag = load_relaxed(&cell->mark[0].tag) & ~RACE_TAG_LOCK;
    if (unlikely(!cas_acquire(&cell->mark[0].tag, &tag, tag | RACE_TAG_LOCK)))
        race__cell_lock_slow(cell);
}

static inline void race__cell_unlock(struct race__cell *cell)
{
    store_release(&cell->mark[0].tag, load_relaxed(&cell->mark[0].tag) & ~RACE_TAG_LOCK);
}

/* The three ways to change a mark, under the cell's lock, which they leave as it is.
 * Put is for the epoch's own strand (1); the order of stores is (2). */
static inline void race__mark_put(struct race__mark *mark, uint64_t epoch, uint64_t tag)
{
    uint64_t lock = load_relaxed(&mark->tag) & RACE_TAG_LOCK;
    store_relaxed(&mark->epoch, 0);
    store_release(&mark->tag, tag | lock);
    store_release(&mark->epoch, epoch);
}

static inline void race__mark_remove(struct race__mark *mark)
{
    store_relaxed(&mark->epoch, 0);
    store_release(&mark->tag, load_relaxed(&mark->tag) & RACE_TAG_LOCK);
}

/* Take BYTES (as a tag has them) away; true where none is left and the mark is gone. */
static inline bool race__mark_trim(struct race__mark *mark, uint64_t bytes)
{
    uint64_t tag = load_relaxed(&mark->tag) & ~bytes;
    if ((tag & RACE_TAG_BYTES) == 0) {
        race__mark_remove(mark);
        return true;
    }
    store_release(&mark->tag, tag);
    return false;
}

/* The first address in [ADDR, END) whose KiB has BIT in its note, END where there is none.
 * Skips regions that are not live. */
uintptr_t race__shadow_noted(uintptr_t addr, uintptr_t end, uint8_t bit);

#endif
