/* What the checks inlined into instrumented code know of the detector: the second half of
 * the seam whose first is race_abi.def.  The plugin emits by it, the detector asserts it.
 *
 * A check asks one word, the cell of the address: has the running strand, in its present
 * epoch, made an access here that this one adds nothing to?
 *
 *   cells    of the running strand, *goc_race_current: the mask of addresses
 *   expect   of the running strand
 *   cell     *(uint64_t *)(goc_race_shadow.base + (addr & cells))
 *   known    ((cell ^ expect) & mask of the access) == 0
 *
 * A cell holds the newest mark of its 8 bytes, and answers for bytes of others that say as much
 * (detector/state/cell.h):
 *
 *   63          43 42            13  12   11     10   9    8     7     0
 *   ┌─────────────┬────────────────┬────┬──────┬────┬────┬─────┬───────┐
 *   │ leaf (21)   │ moment (30)    │lock│atomic│free│more│write│ bytes │
 *   └─────────────┴────────────────┴────┴──────┴────┴────┴─────┴───────┘
 *
 * The mask of an access has lock, atomic and free, its bytes, write for a write, and the
 * moment but for its last two bits, which say what locks were held.
 *
 * A strand that is alone expects 0 and finds it where a word has no marks: no cell with marks
 * has a moment of 0 and neither atomic nor free.
 *
 * goc_race_shadow is const once the first constructor has run; goc_race_current is
 * thread-local and never NULL.  A function's strand is one from its first instruction to
 * its last, whatever thread it continues on; so it is loaded once.
 */
#ifndef GOC_RACE_INLINE_H
#define GOC_RACE_INLINE_H

/* The cell. */
#define RACE_CELL_WRITE_BIT 8
#define RACE_CELL_MORE_BIT 9
#define RACE_CELL_FREE_BIT 10
#define RACE_CELL_ATOMIC_BIT 11
#define RACE_CELL_LOCK_BIT 12
#define RACE_CELL_MOMENT_BIT 13
#define RACE_CELL_LEAF_BIT 43
#define RACE_CELL_EPOCH_BIT 15 /* of the moment, up to the leaf */

/* One question may be of the cells of so many words that follow one another; so many behind
 * the first cell of all are nobody's. */
#define RACE_INLINE_CELLS 9

/* The strand, from its beginning: offsets in bytes. */
#define RACE_STRAND_EXPECT 0    /* uint64_t: what a cell is compared with */
#define RACE_STRAND_FRAMES 8    /* struct race__frame *: the open calls */
#define RACE_STRAND_DEPTH 16    /* uint32_t: how many there are */
#define RACE_STRAND_CAPACITY 20 /* uint32_t: how many there is room for */
#define RACE_STRAND_CELLS 24    /* uint64_t: mask of addresses, 0: accesses go unseen */

/* An open call. */
#define RACE_FRAME_SIZE 16
#define RACE_FRAME_PC 0   /* void *: the return address of the function */
#define RACE_FRAME_NODE 8 /* uint32_t: 0 in a new frame */

#endif
