/* A crowd: the marks of one word that do not fit into its cell.
 *
 * A block of 2^n places of a mark each.  The first holds the head, the rest of the lower
 * half plain writes, in a row; the upper half holds reads and atomics, hashed by slot, so
 * that a strand finds its own among those of a million.
 *
 *   ┌──────┬───────────────────────┬───────────────────────────────────────┐
 *   │ head │ plain writes, a row   │ reads and atomics, hashed by slot     │
 *   └──────┴───────────────────────┴───────────────────────────────────────┘
 *
 * A word without a race has at most eight plain writes (disjoint bytes), so that the row
 * is short; the head says which bytes have marks of each kind, so that the hashed half is
 * searched as a whole only by an access that may conflict with what is there.
 *
 * The link in the cell's second mark: epoch is the block's address, the tag says
 *
 *   63   62 61 60 59    52 51     46 45                                  0
 *   0    1  0  0  0        n (6)     version (46), never used twice
 *
 * Invariants: a mark does not move while its block is linked; a block that is too full is
 * replaced by another, under a new version.  So a reader without the lock who found what
 * it looked for, and then finds the link unchanged, has found it.  n stands in the link
 * because the reader may look at a block that is a crowd no more: it stays inside it.
 * Guard: the cell's lock, for all but race__crowd_holds.
 */
#ifndef GOC_STATE_CROWD_H
#define GOC_STATE_CROWD_H

#include "state/shadow.h"

#define RACE_CROWD_SHIFT_MIN 2 // the head, one write, two others: a cache line

/* Kinds as the head counts them: a tag's write and atomic bits. */
#define RACE_CROWD_KINDS 4
#define RACE_KIND_READ 0
#define RACE_KIND_WRITE 1
#define RACE_KIND_ATOMIC_READ 2
#define RACE_KIND_ATOMIC_WRITE 3

struct race__crowd_head {
    uint32_t writes;                 // length of the row, holes counted
    uint32_t others;                 // hashed places in use or used before
    uint32_t live;                   // marks in the block
    uint8_t bytes[RACE_CROWD_KINDS]; // of each kind: bytes that marks may have
};

_Static_assert(sizeof(struct race__crowd_head) == sizeof(struct race__mark),
               "the first place");

struct race__crowd {
    struct race__crowd_head *head; // NULL: no crowd
    uint32_t half;                 // places in the upper half, and in the lower
};

#define RACE_LINK_SHIFT 46
#define RACE_LINK_VERSION ((UINT64_C(1) << RACE_LINK_SHIFT) - 1)

static inline uint32_t race__link_half(uint64_t tag)
{
    return 1u << ((tag >> RACE_LINK_SHIFT & 63) - 1);
}

static inline uint32_t race__tag_kind(uint64_t tag)
{
    return (uint32_t)(tag / RACE_TAG_WRITE) & (RACE_CROWD_KINDS - 1);
}

static inline uint8_t race__tag_byte_set(uint64_t tag)
{
    return (uint8_t)(tag >> RACE_TAG_BYTES_SHIFT);
}

static inline struct race__crowd race__crowd_of(const struct race__cell *cell)
{
    uint64_t tag = load_relaxed(&cell->mark[1].tag);
    if (!race__tag_is_link(tag))
        return (struct race__crowd){.head = NULL, .half = 0};
    uintptr_t block = load_relaxed(&cell->mark[1].epoch);
    return (struct race__crowd){.head = (struct race__crowd_head *)block,
                                .half = race__link_half(tag)};
}

static inline struct race__mark *race__crowd_row(struct race__crowd crowd)
{
    return (struct race__mark *)crowd.head + 1;
}

static inline struct race__mark *race__crowd_hashed(struct race__crowd crowd)
{
    return (struct race__mark *)crowd.head + crowd.half;
}

/* Was the hashed place PLACE ever used?  (The bit that is the lock in a cell.) */
static inline bool race__crowd_used(const struct race__mark *place)
{
    return (load_relaxed(&place->tag) & RACE_TAG_LOCK) != 0;
}

/* Where the search for SLOT's marks begins in a hashed half of HALF places; it goes on to
 * the next place, around the end, as far as a place that was never used. */
static inline uint32_t race__crowd_home(uint32_t half, uint32_t slot)
{
    return slot * UINT32_C(0x9e3779b1) >> (__builtin_clz(half) + 1); // Knuth: 2^32 / phi
}

/* CELL, which has none, gets a crowd; its second mark moves there. */
void race__crowd_open(struct race__cell *cell);
/* Put a mark of the calling strand into CELL's crowd, which grows where it must. */
void race__crowd_put(struct race__cell *cell, uint64_t epoch, uint64_t tag);
/* Would a mark with TAG's kind make the crowd grow? */
bool race__crowd_is_full(struct race__crowd crowd, uint64_t tag);
/* Take BYTES away from MARK, which is in CROWD. */
void race__crowd_trim(struct race__crowd crowd, struct race__mark *mark, uint64_t bytes);
/* CELL's crowd goes, with whatever is in it; its second mark is empty. */
void race__crowd_close(struct race__cell *cell);

/* Without the lock: does CELL's crowd hold a mark of EPOCH whose tag has all bits of NEED
 * and none of AVOID? */
bool race__crowd_holds(const struct race__cell *cell, race__epoch epoch, uint64_t need,
                       uint64_t avoid);

#endif
