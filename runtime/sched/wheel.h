/* A wheel: timers that are not due for a while, in buckets of about a millisecond.
 *
 * A heap of a million timers is deep, and each timer that leaves it moves others, whose nodes
 * lie on stacks that nobody has touched for long: a miss of the cache and of the address
 * translation each.  A timer in a bucket is written to when it comes and when its
 * bucket is opened; then the bucket's timers go to a heap, which stays as small as a bucket.
 * Varghese and Lauck, "Hashed and hierarchical timing wheels" (1987), scheme 4, but what lies
 * beyond the wheel's span stays in the heap, and buckets are sorted by the heap.
 *
 * Buckets are chains of chunks, the newest first; only the newest is not full.
 *
 * Invariants  The bucket of a key is number key >> WHEEL_SHIFT; those of all entries are in
 *             base … base + WHEEL_BUCKETS - 1, so each has a place in the ring of its own.
 *             first is the lowest of them, where count > 0.
 *             A bucket's earliest is not above any of its keys; a key that is taken out
 *             again leaves it where it is.
 *             For an entry at index i: node->index == (WHEEL_NODE | i).
 * The guard is the owner's; nothing here is atomic.
 */
#ifndef GOC_SCHED_WHEEL_H
#define GOC_SCHED_WHEEL_H

#include "base/heap.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    WHEEL_SHIFT = 20,     /* a bucket is 2^20 ns */
    WHEEL_BUCKETS = 4096, /* 4.3 s; a power of two */
};

#define WHEEL_NODE (UINT32_C(1) << 31) /* in a node's index: it is in a wheel */

struct wheel_storage;

struct wheel {
    struct wheel_storage *storage; /* NULL until the first entry */
    struct wheel_chunk *chunks;
    uint32_t chunk_capacity;
    uint32_t chunk_used; /* chunks ever taken */
    uint32_t free_chunk; /* index + 1 of the first free one; 0: none */
    uint32_t count;      /* of entries */
    int64_t base;        /* buckets below are open: their keys belong in the heap */
    int64_t first;       /* the first bucket with an entry, where count > 0 */
};

/* Is NODE, which some heap or wheel holds, in a wheel? */
static inline bool wheel_holds(const struct heap_node *node)
{
    return (node->index & WHEEL_NODE) != 0 && node->index != HEAP_NOWHERE;
}

/* Put NODE, which nothing holds, into its bucket.  NOW need not be exact: where an empty wheel
 * begins.
 * Returns  false, and has done nothing, when KEY is before or beyond the wheel's span, or
 *          there is no memory: it belongs in the heap. */
bool goc__wheel_insert(struct wheel *wheel, int64_t key, struct heap_node *node,
                       int64_t now);

/* Take out NODE, which is in WHEEL. */
void goc__wheel_remove(struct wheel *wheel, struct heap_node *node);

/* Open the first bucket and take one of its entries, in no order; call it again until
 * goc__wheel_start tells of another bucket.  WHEEL is not empty. */
struct heap_entry goc__wheel_take(struct wheel *wheel);

/* Where the first bucket with an entry begins; INT64_MAX: there is none. */
static inline int64_t goc__wheel_start(const struct wheel *wheel)
{
    return wheel->count > 0 ? wheel->first << WHEEL_SHIFT : INT64_MAX;
}

/* Not after any key, nor before goc__wheel_start; INT64_MAX: there is none. */
int64_t goc__wheel_earliest(const struct wheel *wheel);

#endif
