/* A 4-ary min-heap of nodes with a 64-bit key, in storage that the caller owns.
 *
 * Four children fill one cache line of entries, and the tree is half as deep as a binary
 * one: LaMarca and Ladner, "The influence of caches on the performance of heaps" (1996).
 *
 * Invariants  entries[i].key <= entries[c].key for each child c of i (4i+1 … 4i+4);
 *             entries[i].node->index == i.
 * The guard is the owner's; nothing here is atomic.
 */
#ifndef GOC_BASE_HEAP_H
#define GOC_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HEAP_ARITY = 4 };
#define HEAP_NOWHERE UINT32_MAX

struct heap_node {
    uint32_t index; /* place in entries; HEAP_NOWHERE when in no heap */
};

struct heap_entry {
    int64_t key;
    struct heap_node *node;
};

struct heap {
    struct heap_entry *entries;
    uint32_t count;
    uint32_t capacity;
};

static inline void heap_node_init(struct heap_node *node)
{
    node->index = HEAP_NOWHERE;
}

static inline bool heap_holds(const struct heap_node *node)
{
    return node->index != HEAP_NOWHERE;
}

static inline void heap_place(struct heap *heap, uint32_t index, struct heap_entry entry)
{
    heap->entries[index] = entry;
    entry.node->index = index;
}

static inline void heap_sift_up(struct heap *heap, uint32_t index,
                                struct heap_entry entry)
{
    while (index > 0) {
        uint32_t parent = (index - 1) / HEAP_ARITY;
        if (heap->entries[parent].key <= entry.key)
            break;
        heap_place(heap, index, heap->entries[parent]);
        index = parent;
    }
    heap_place(heap, index, entry);
}

static inline void heap_sift_down(struct heap *heap, uint32_t index,
                                  struct heap_entry entry)
{
    for (;;) {
        uint32_t first = index * HEAP_ARITY + 1;
        if (first >= heap->count)
            break;
        uint32_t end =
            first + HEAP_ARITY < heap->count ? first + HEAP_ARITY : heap->count;
        uint32_t least = first;
        for (uint32_t child = first + 1; child < end; child++)
            if (heap->entries[child].key < heap->entries[least].key)
                least = child;
        if (entry.key <= heap->entries[least].key)
            break;
        heap_place(heap, index, heap->entries[least]);
        index = least;
    }
    heap_place(heap, index, entry);
}

/* Insert NODE, which is in no heap.  HEAP is not full: count < capacity. */
static inline void heap_insert(struct heap *heap, int64_t key, struct heap_node *node)
{
    heap_sift_up(heap, heap->count++, (struct heap_entry){.key = key, .node = node});
}

/* Take out NODE, which is in HEAP. */
static inline void heap_remove(struct heap *heap, struct heap_node *node)
{
    uint32_t index = node->index;
    struct heap_entry last = heap->entries[--heap->count];
    heap_node_init(node);
    if (last.node == node)
        return;
    if (index > 0 && last.key < heap->entries[(index - 1) / HEAP_ARITY].key)
        heap_sift_up(heap, index, last);
    else
        heap_sift_down(heap, index, last);
}

#endif
