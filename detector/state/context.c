/* The tree as a hash table of (parent, pc). */
#include "state/context.h"

#include "base/assert.h"
#include "base/atomic.h"
#include "base/pages.h"
#include "state/shadow.h"
#include "state/slab.h"

#define BUCKET_COUNT (1u << 22) // chains of a few nodes at the fold
#define BUCKETS_FULL (1u << 20) // nodes that bring all of them into use
#define SPREAD_BITS 14          // of a node's children: a function may have many places
#define NODE_LIMIT (1u << RACE_TAG_LEAF_BITS)

struct node {
    const void *pc;  // const
    uint32_t parent; // const
    uint32_t next;   // const: in its bucket
};

uint32_t race__context_fold = 1u << 24; // 256 MiB of nodes

static struct race__arena nodes;
static uint32_t *buckets; // atomic: the newest node of each

void race__context_init(void)
{
    race__arena_init(&nodes, "calling contexts", sizeof(struct node), NODE_LIMIT);
    buckets = race__pages_reserve(BUCKET_COUNT * sizeof *buckets, "calling contexts");
}

static struct node *node_at(uint32_t number)
{
    return race__arena_at(&nodes, number);
}

/* Buckets come into use as nodes do, so that few contexts take few pages: those of a parent
 * begin where its number says, and overlap the next one's. */
static uint32_t *bucket_of(uint32_t parent, const void *pc)
{
    uint64_t hash =
        (uint64_t)(uintptr_t)pc * UINT64_C(0x9e3779b97f4a7c15); // Knuth: 2^64 / phi
    uint32_t first = parent * (BUCKET_COUNT / BUCKETS_FULL);
    return &buckets[(first + (hash >> (64 - SPREAD_BITS))) % BUCKET_COUNT];
}

/* From FIRST up to, not including, LAST. */
static uint32_t find(uint32_t first, uint32_t last, uint32_t parent, const void *pc)
{
    for (uint32_t at = first; at != last; at = node_at(at)->next)
        if (node_at(at)->pc == pc && node_at(at)->parent == parent)
            return at;
    return 0;
}

/* The ancestor of PARENT, or PARENT, that is a call from PC; 0 for none. */
static uint32_t ancestor(uint32_t parent, const void *pc)
{
    for (; parent != RACE_CONTEXT_ROOT; parent = node_at(parent)->parent)
        if (node_at(parent)->pc == pc)
            return parent;
    return 0;
}

static uint32_t insert(uint32_t *bucket, uint32_t first, uint32_t parent, const void *pc)
{
    uint32_t made = race__arena_append(&nodes);
    if (made == 0)
        return parent;
    node_at(made)->pc = pc;
    node_at(made)->parent = parent;
    for (;;) {
        uint32_t now = first;
        node_at(made)->next = first;
        if (cas_acq_rel(bucket, &now, made))
            return made;
        uint32_t other = find(now, first, parent, pc);
        if (other != 0)
            return other; // somebody else was first; the number is lost
        first = now;
    }
}

uint32_t race__context_child(uint32_t parent, const void *pc)
{
    uint32_t *bucket = bucket_of(parent, pc);
    uint32_t first = load_acquire(bucket);
    uint32_t found = find(first, 0, parent, pc);
    if (found != 0)
        return found;
    if (unlikely(race__context_count() >= race__context_fold)) {
        found = ancestor(parent, pc);
        if (found != 0)
            return found;
    }
    return insert(bucket, first, parent, pc);
}

uint32_t race__context_parent(uint32_t node)
{
    return node_at(node)->parent;
}

const void *race__context_pc(uint32_t node)
{
    return node_at(node)->pc;
}

size_t race__context_stack(uint32_t node, const void **pcs, size_t max)
{
    size_t count = 0;
    for (; node != RACE_CONTEXT_ROOT && count < max; node = node_at(node)->parent)
        pcs[count++] = node_at(node)->pc;
    return count;
}

uint32_t race__context_count(void)
{
    return load_relaxed(&nodes.used) - 1;
}
