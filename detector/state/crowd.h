/* A crowd: the marks of one word that do not fit into its cell, its spare and its rest.
 *
 * A small one is a line of the cache: half of the head, and three marks of any kind.  A large
 * one is a block of 2^n places of a mark each.  The first two hold the head, the rest of the
 * lower half plain writes, in a row; the upper half holds reads and atomics, hashed by
 * slot, so that a strand finds its own among those of a million.
 *
 *   ┌──────┬──────┬────────────────┬───────────────────────────────────────┐
 *   │     head    │ plain writes   │ reads and atomics, hashed by slot     │
 *   └──────┴──────┴────────────────┴───────────────────────────────────────┘
 *
 * A word without a race has at most eight plain writes (disjoint bytes), so that the row
 * is short; the head says which bytes have marks of each kind, so that the hashed half is
 * searched as a whole only by an access that may conflict with what is there.
 *
 * Beside the places a large one may have a log: plain reads of strands that leave what they did at
 * an object and mostly end, in the order in which they came, so that adding one is no search.  All
 * that was left there is known to who takes it; so the log has an epoch BY, and whoever knows that,
 * knows the first KNOWN of its reads (entry/uses.c has the argument).  They go at once for an
 * access that stands for them.  Anybody else who opens the word finds the log moved to the places.
 *
 * Reading without the lock.  The head's version is odd while a mark is being put, and
 * never the same again after; so a reader who finds it even, finds what it looked for, and
 * then finds version and link unchanged, has found it.  A block may be a crowd no more, or
 * another word's, while it is read: its memory stays the detector's own (state/slab.h),
 * and the link says how large it was.
 *
 * Guard: the cell's lock, for all but race__crowd_holds.
 */
#ifndef GOC_STATE_CROWD_H
#define GOC_STATE_CROWD_H

#include "state/shadow.h"

#include <stddef.h>

#define RACE_CROWD_HALF_SMALL 2u // what a small one counts as
#define RACE_CROWD_SMALL 3u      // its marks
#define RACE_CROWD_HALF_MIN 4u   // of a large: head, two writes, three others: two lines
#define RACE_CROWD_HEAD 2u       // places

struct race__log {
    uint32_t count; // reads
    uint32_t room;  // for so many
    uint32_t known; // whoever knows BY knows so many, the first ones
    uint32_t unused;
    uint64_t bytes; // of all reads, as a tag has them
    race__epoch by; // none where KNOWN is 0
    struct race__mark mark[];
};

/* Kinds as the head counts them: a tag's write and atomic bits. */
#define RACE_CROWD_KINDS 4
#define RACE_KIND_READ 0
#define RACE_KIND_WRITE 1
#define RACE_KIND_ATOMIC_READ 2
#define RACE_KIND_ATOMIC_WRITE 3

struct race__crowd_head {
    uint32_t live;                   // marks in the block
    uint8_t bytes[RACE_CROWD_KINDS]; // of each kind: bytes that marks may have
    uint64_t version;                // atomic; not the first word, which slabs link by
    /* Of a large one: */
    uint32_t writes;       // length of the row, holes counted
    uint32_t others;       // hashed places in use or used before
    struct race__log *log; // owned; NULL: none
};

_Static_assert(sizeof(struct race__crowd_head) ==
                   RACE_CROWD_HEAD * sizeof(struct race__mark),
               "the first places");
_Static_assert(offsetof(struct race__crowd_head, writes) == sizeof(struct race__mark),
               "a small one's head is the first place");

struct race__crowd {
    struct race__crowd_head *head; // NULL: no crowd
    uint32_t half;                 // places in the upper half, and in the lower
};

static inline uint32_t race__tag_kind(uint64_t tag)
{
    return (uint32_t)(tag / RACE_TAG_WRITE) & (RACE_CROWD_KINDS - 1);
}

static inline uint8_t race__tag_byte_set(uint64_t tag)
{
    return (uint8_t)(tag >> RACE_TAG_BYTES_SHIFT);
}

/* The crowd as a spare has it (state/cell.h), and back. */
uint64_t race__crowd_link(struct race__crowd crowd);
struct race__crowd race__crowd_of_link(uint64_t link);

static inline bool race__crowd_is_small(struct race__crowd crowd)
{
    return crowd.half == RACE_CROWD_HALF_SMALL;
}

/* All places for marks, how many in *COUNT; those without an epoch are empty. */
static inline struct race__mark *race__crowd_places(struct race__crowd crowd,
                                                    uint32_t *count)
{
    uint32_t head = race__crowd_is_small(crowd) ? 1 : RACE_CROWD_HEAD;
    *count = crowd.half * 2 - head;
    return (struct race__mark *)crowd.head + head;
}

/* Of a large one. */
static inline struct race__mark *race__crowd_row(struct race__crowd crowd)
{
    return (struct race__mark *)crowd.head + RACE_CROWD_HEAD;
}

static inline struct race__mark *race__crowd_hashed(struct race__crowd crowd)
{
    return (struct race__mark *)crowd.head + crowd.half;
}

/* How many places the row has. */
static inline uint32_t race__crowd_row_places(struct race__crowd crowd)
{
    return crowd.half - RACE_CROWD_HEAD;
}

#define RACE_TAG_USED (UINT64_C(1) << 63) // in a hashed place: it was used before

/* Was the hashed place PLACE ever used? */
static inline bool race__crowd_used(const struct race__mark *place)
{
    return (load_relaxed(&place->tag) & RACE_TAG_USED) != 0;
}

/* Where the search for SLOT's marks begins in a hashed half of HALF places; it goes on to
 * the next place, around the end, as far as a place that was never used. */
static inline uint32_t race__crowd_home(uint32_t half, uint32_t slot)
{
    return slot * UINT32_C(0x9e3779b1) >> (__builtin_clz(half) + 1); // Knuth: 2^32 / phi
}

/* A crowd of nobody. */
struct race__crowd race__crowd_open(void);
/* Put a mark into CROWD, which grows where it must: its link is another then. */
void race__crowd_put(struct race__crowd *crowd, uint64_t epoch, uint64_t tag);
/* Would a mark with TAG's kind make the crowd grow? */
bool race__crowd_is_full(struct race__crowd crowd, uint64_t tag);
/* Take BYTES away from MARK, which is in CROWD. */
void race__crowd_trim(struct race__crowd crowd, struct race__mark *mark, uint64_t bytes);
/* MARK, a read in CROWD, becomes one of EPOCH and TAG, of the same slot and kind. */
void race__crowd_renew(struct race__crowd crowd, struct race__mark *mark, uint64_t epoch,
                       uint64_t tag);
/* BYTES are added to MARK, which is in CROWD. */
void race__crowd_widen(struct race__crowd crowd, struct race__mark *mark, uint64_t bytes);
/* The crowd goes, with whatever is in it. */
void race__crowd_close(struct race__crowd crowd);

/* The log of CROWD, or NULL. */
static inline struct race__log *race__crowd_log(struct race__crowd crowd)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a link leads to a block */
    return race__crowd_is_small(crowd) ? NULL : crowd.head->log;
}

/* A read goes into the log of CROWD, a large one; false where there is no room. */
bool race__crowd_note(struct race__crowd crowd, uint64_t epoch, uint64_t tag);
/* The log, which is not NULL, goes: to the places, where a later read of a slot stands for an
 * earlier one; or without those that are known, whose number is the answer. */
void race__crowd_unlog(struct race__crowd *crowd);
uint32_t race__crowd_forget_known(struct race__crowd crowd);

/* Without the lock: does CROWD hold a mark of RUN whose tag has all bits of NEED and none of
 * AVOID?  The caller then sees whether the link is still the same. */
bool race__crowd_holds(struct race__crowd crowd, race__run run, uint64_t need,
                       uint64_t avoid);

#endif
