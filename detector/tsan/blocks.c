#include "tsan/blocks.h"

#include "base/lock.h"
#include "state/slab.h"

enum { BUCKETS_MIN = 64 };

struct node {
    struct race__tsan_block block;
    struct node *next; // same bucket
};

static struct race__lock lock;
static struct node **buckets; // lock
static size_t bucket_count;   // lock; a power of two, or 0
static size_t block_count;    // lock

static struct node **bucket_of(uintptr_t addr)
{
    const uint64_t hash = (uint64_t)(addr >> 4) * 0x9E3779B97F4A7C15u; // Fibonacci
    return &buckets[(hash >> 32) & (bucket_count - 1)];
}

static void grow(void)
{
    struct node **old = buckets;
    const size_t old_count = bucket_count;
    bucket_count = old_count ? 2 * old_count : BUCKETS_MIN;
    buckets = (struct node **)race__slab_alloc(bucket_count * sizeof *buckets);
    for (size_t i = 0; i < old_count; i++) {
        for (struct node *node = old[i], *next; node != NULL; node = next) {
            struct node **bucket = bucket_of(node->block.addr);
            next = node->next;
            node->next = *bucket;
            *bucket = node;
        }
    }
    race__slab_free((void *)old, old_count * sizeof *old);
}

static void remove_locked(uintptr_t addr)
{
    if (bucket_count == 0)
        return;
    struct node **link = bucket_of(addr);
    while (*link != NULL && (*link)->block.addr != addr)
        link = &(*link)->next;
    struct node *node = *link;
    if (node == NULL)
        return;
    *link = node->next;
    block_count--;
    race__slab_free(node, sizeof *node);
}

void race__tsan_block_add(struct race__tsan_block block)
{
    race__lock(&lock);
    remove_locked(block.addr);
    if (block_count >= bucket_count)
        grow();
    struct node *node = race__slab_alloc(sizeof *node);
    struct node **bucket = bucket_of(block.addr);
    *node = (struct node){.block = block, .next = *bucket};
    *bucket = node;
    block_count++;
    race__unlock(&lock);
}

void race__tsan_block_remove(const void *addr)
{
    race__lock(&lock);
    remove_locked((uintptr_t)addr);
    race__unlock(&lock);
}

bool race__tsan_block_find(const void *addr, struct race__tsan_block *found)
{
    const uintptr_t wanted = (uintptr_t)addr;
    bool any = false;
    race__lock(&lock);
    for (size_t i = 0; i < bucket_count && !any; i++) {
        const struct node *node = buckets[i];
        while (node != NULL && wanted - node->block.addr >= node->block.size)
            node = node->next;
        any = node != NULL;
        if (any)
            *found = node->block;
    }
    race__unlock(&lock);
    return any;
}
