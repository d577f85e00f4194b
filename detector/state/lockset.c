/* Sets as a hash table of (below, lock). */
#include "state/lockset.h"

#include "base/atomic.h"
#include "base/pages.h"
#include "state/slab.h"

#define BUCKET_COUNT (1u << 18)
#define ABOVE_MAX 64 // locks released out of order under at most so many others

static struct race__arena sets;
static uint32_t *buckets; // atomic: the newest set of each

void race__lockset_init(void)
{
    race__arena_init(&sets, "lock sets", sizeof(struct race__held), RACE_LOCKSET_LOST);
    buckets = race__pages_reserve(BUCKET_COUNT * sizeof *buckets, "lock sets");
}

static struct race__held *set_at(uint32_t set)
{
    return race__arena_at(&sets, set);
}

const struct race__held *race__lockset_top(uint32_t set)
{
    return set_at(set);
}

static uint32_t *bucket_of(const struct race__held *held)
{
    uint64_t hash = (uintptr_t)held->addr;
    hash = (hash ^ (uint64_t)held->below << 40 ^ held->leaf) *
           UINT64_C(0x9e3779b97f4a7c15); // Knuth: 2^64 / phi
    return &buckets[hash >> 46];
}

static uint32_t find(uint32_t first, uint32_t last, const struct race__held *held)
{
    for (uint32_t at = first; at != last; at = set_at(at)->next) {
        const struct race__held *other = set_at(at);
        if (other->addr == held->addr && other->below == held->below &&
            other->leaf == held->leaf && other->exclusive == held->exclusive &&
            other->kind == held->kind)
            return at;
    }
    return RACE_LOCKSET_NONE;
}

static uint32_t intern(const struct race__held *held)
{
    uint32_t *bucket = bucket_of(held);
    uint32_t first = load_acquire(bucket);
    uint32_t found = find(first, RACE_LOCKSET_NONE, held);
    if (found != RACE_LOCKSET_NONE)
        return found;
    uint32_t made = race__arena_append(&sets);
    if (made == 0)
        return RACE_LOCKSET_LOST;
    *set_at(made) = *held;
    for (;;) {
        uint32_t now = first;
        set_at(made)->next = first;
        if (cas_acq_rel(bucket, &now, made))
            return made;
        found = find(now, first, held);
        if (found != RACE_LOCKSET_NONE)
            return found; // somebody else was first; the number is lost
        first = now;
    }
}

uint32_t race__lockset_add(uint32_t set, const void *addr, bool exclusive,
                           const char *kind, uint32_t leaf)
{
    if (set == RACE_LOCKSET_LOST)
        return RACE_LOCKSET_LOST;
    return intern(&(struct race__held){
        .addr = addr, .kind = kind, .leaf = leaf, .below = set, .exclusive = exclusive});
}

uint32_t race__lockset_add_again(uint32_t before, uint32_t set, const void *addr,
                                 bool exclusive, const char *kind, uint32_t leaf)
{
    const struct race__held *held = set_at(before); // of 0: no lock
    if (likely(held->addr == addr && held->leaf == leaf && held->below == set &&
               held->exclusive == exclusive && held->kind == kind))
        return before;
    return race__lockset_add(set, addr, exclusive, kind, leaf);
}

uint32_t race__lockset_remove(uint32_t set, const void *addr)
{
    uint32_t above[ABOVE_MAX];
    unsigned count = 0;
    uint32_t at = set;
    if (set == RACE_LOCKSET_LOST)
        return RACE_LOCKSET_LOST;
    while (at != RACE_LOCKSET_NONE && set_at(at)->addr != addr) {
        if (count == ABOVE_MAX)
            return RACE_LOCKSET_LOST;
        above[count++] = at;
        at = set_at(at)->below;
    }
    if (at == RACE_LOCKSET_NONE)
        return set;
    at = set_at(at)->below;
    while (count != 0) {
        const struct race__held *held = set_at(above[--count]);
        at = race__lockset_add(at, held->addr, held->exclusive, held->kind, held->leaf);
    }
    return at;
}
