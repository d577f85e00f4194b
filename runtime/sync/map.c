/* Map: shards by the key's hash, and in each an open table under a sequence lock.
 *
 * A shard's lock is for those who change it.  VERSION is odd while one does; a load probes
 * without the lock and believes what it saw if VERSION was even and the same before and
 * after (Boehm, "Can seqlocks get along with programming language memory models?", 2012).
 * After TRIES failures, or where events are told, it takes the lock instead.
 *
 * Invariants, under the lock
 *   A key stands in the slot of its hash or, without a gap, behind it (linear probing).  A
 *   removal closes the gap by moving others back, so there are no marks of removed keys.
 *   At most three quarters of the slots are full.
 * A table that was outgrown stays until the map is freed, because a load may still probe it.
 * Each is half as large as the next, so that all of them together are smaller than the one in
 * use.
 *
 * Order: one sync object for each of EVENTS groups of keys.  A change is merged into it, and
 * whoever sees the key, or that it is gone, acquires from it.  So keys of one group order each
 * other: that hides a race at times, and never invents one.
 */
#include "base/atomic.h"
#include "base/list.h"
#include "base/panic.h"
#include "events/events.h"
#include "sched/defer.h"
#include "sched/gmp.h"

#include <goc/map.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHARD_BITS = 5,
    SHARDS = 1 << SHARD_BITS,
    EVENT_BITS = 8,
    FIRST_SLOTS = 8,
    TRIES = 8
};

#ifdef GOC_RACE
enum { TELLS_EVENTS = true, EVENTS = 1 << EVENT_BITS };
#else
enum { TELLS_EVENTS = false, EVENTS = 1 };
#endif

struct slot {
    uintptr_t key;   // atomic: written under the lock
    uintptr_t value; // atomic: likewise
    uint32_t full;   // atomic: likewise
};

struct table {
    struct table *outgrown; /* const: the one before it */
    size_t mask;            /* const: slots, a power of two, minus one */
    struct slot slots[];
};

struct shard {
    _Alignas(CACHE_PAIR_BYTES) struct lock lock;
    uint32_t version;    // atomic: written under the lock; odd while the table changes
    struct table *table; // atomic: written under the lock, release; NULL at first
    size_t count;        /* lock: full slots */
};

struct goc_map_shards {
    struct shard shards[SHARDS];
    uint64_t events[EVENTS]; /* sync objects, never read or written */
};

/* Fibonacci hashing is not enough where both ends of the hash are used: the finalizer of
 * MurmurHash3, in which each bit of the key reaches each bit of the result. */
static uint64_t hash_of(uintptr_t key)
{
    uint64_t h = key;
    h = (h ^ h >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
    h = (h ^ h >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
    return h ^ h >> 33;
}

static struct shard *shard_of(struct goc_map_shards *shards, uint64_t hash)
{
    return &shards->shards[hash >> (64 - SHARD_BITS)];
}

static const void *event_of(const struct goc_map_shards *shards, uint64_t hash)
{
    return &shards->events[(hash >> (64 - EVENT_BITS)) % EVENTS];
}

static struct goc_map_shards *new_shards(void)
{
    event_internal_begin();
    struct goc_map_shards *shards =
        aligned_alloc(_Alignof(struct goc_map_shards), sizeof *shards);
    event_internal_end();
    if (shards == NULL)
        goc__fatal("runtime: out of memory for a map");
    memset(shards, 0, sizeof *shards);
    return shards;
}

/* Acquire pairs with the release of whoever made them. */
static struct goc_map_shards *shards_of(goc_map *m)
{
    struct goc_map_shards *shards = load_acquire(&m->shards);
    if (shards != NULL)
        return shards;
    struct goc_map_shards *fresh = new_shards();
    if (cas_acq_rel(&m->shards, &shards, fresh))
        return fresh;
    event_internal_begin();
    free(fresh);
    event_internal_end();
    return shards;
}

/* KEY's slot, or the empty one where it would stand; NULL: there is no table, or, in a look
 * without the lock, one that changes all the time. */
static struct slot *find(struct table *table, uintptr_t key, uint64_t hash)
{
    if (table == NULL)
        return NULL;
    for (size_t step = 0; step <= table->mask; step++) {
        struct slot *slot = &table->slots[(hash + step) & table->mask];
        if (!load_relaxed(&slot->full) || load_relaxed(&slot->key) == key)
            return slot;
    }
    return NULL;
}

/* Between these two, under the lock, loads do not believe what they see.  The fence pairs
 * with the load's: who sees anything of the change sees the odd number, too. */
static void begin_change(struct shard *shard)
{
    store_relaxed(&shard->version, shard->version + 1);
    fence_release();
}

static void end_change(struct shard *shard)
{
    store_release(&shard->version, shard->version + 1);
}

static void fill(struct slot *slot, uintptr_t key, uintptr_t value)
{
    store_relaxed(&slot->key, key);
    store_relaxed(&slot->value, value);
    store_relaxed(&slot->full, 1u);
}

/* Make room for one more key.  Under the lock. */
static void grow(struct shard *shard)
{
    struct table *old = shard->table;
    size_t slots = old ? 2 * (old->mask + 1) : FIRST_SLOTS;
    event_internal_begin();
    struct table *table = calloc(1, sizeof *table + slots * sizeof *table->slots);
    event_internal_end();
    if (table == NULL)
        goc__fatalf("runtime: out of memory for a map of %zu keys", shard->count);
    table->outgrown = old;
    table->mask = slots - 1;
    for (size_t i = 0; old != NULL && i <= old->mask; i++) {
        const struct slot *slot = &old->slots[i];
        if (slot->full)
            fill(find(table, slot->key, hash_of(slot->key)), slot->key, slot->value);
    }
    store_release(&shard->table, table);
}

/* Add KEY, which is not there.  Under the lock. */
static void add(struct shard *shard, uintptr_t key, uint64_t hash, uintptr_t value)
{
    if (shard->table == NULL || 4 * (shard->count + 1) > 3 * (shard->table->mask + 1))
        grow(shard);
    struct slot *slot = find(shard->table, key, hash);
    begin_change(shard);
    fill(slot, key, value);
    end_change(shard);
    shard->count++;
}

static void change(struct shard *shard, struct slot *slot, uintptr_t value)
{
    begin_change(shard);
    store_relaxed(&slot->value, value);
    end_change(shard);
}

/* Empty SLOT.  A key behind it moves there, unless the slot of its hash lies between the
 * two; then its old slot is the gap (Knuth, vol. 3, 6.4, algorithm R).  Under the lock. */
static void take_out(struct shard *shard, struct slot *slot)
{
    struct table *table = shard->table;
    size_t gap = (size_t)(slot - table->slots);
    begin_change(shard);
    for (size_t i = (gap + 1) & table->mask; table->slots[i].full;
         i = (i + 1) & table->mask) {
        const struct slot *next = &table->slots[i];
        size_t own = hash_of(next->key) & table->mask;
        if (((i - own) & table->mask) < ((i - gap) & table->mask))
            continue;
        fill(&table->slots[gap], next->key, next->value);
        gap = i;
    }
    store_relaxed(&table->slots[gap].full, 0u);
    end_change(shard);
    shard->count--;
}

/* What an operation holds while it works on KEY. */
struct place {
    struct goc_map_shards *shards;
    struct shard *shard;
    uint64_t hash;
    struct slot *slot; /* KEY's; NULL: it is not there */
};

static struct place lock_place(struct goc_map_shards *shards, uintptr_t key)
{
    struct place at = {.shards = shards, .hash = hash_of(key)};
    at.shard = shard_of(shards, at.hash);
    goc__lock(&at.shard->lock);
    at.slot = find(at.shard->table, key, at.hash);
    if (at.slot && !at.slot->full)
        at.slot = NULL;
    return at;
}

/* SEEN, CHANGED: what the operation was. */
static void unlock_place(struct place *at, bool seen, bool changed)
{
    const void *event = event_of(at->shards, at->hash);
    if (seen)
        event_acquire(event);
    if (changed)
        event_release_merge(event);
    goc__unlock(&at->shard->lock);
}

/* Loads without the lock: 1 found, 0 not there, -1 ask again under the lock. */
static int load_unlocked(struct goc_map_shards *shards, uintptr_t key, uintptr_t *value)
{
    uint64_t hash = hash_of(key);
    const struct shard *shard = shard_of(shards, hash);
    for (int i = 0; i < TRIES; i++) {
        uint32_t version = load_acquire(&shard->version); /* pairs with end_change */
        if (version % 2 == 0) {
            const struct slot *slot = find(load_acquire(&shard->table), key, hash);
            bool found = slot && load_relaxed(&slot->full);
            uintptr_t seen = found ? load_relaxed(&slot->value) : 0;
            fence_acquire(); /* pairs with begin_change */
            if (load_relaxed(&shard->version) == version) {
                *value = seen;
                return found;
            }
        }
        cpu_relax();
    }
    return -1;
}

static bool load_locked(struct goc_map_shards *shards, uintptr_t key, uintptr_t *value)
{
    struct place at = lock_place(shards, key);
    bool found = at.slot != NULL;
    if (found)
        *value = at.slot->value;
    unlock_place(&at, true, false);
    return found;
}

bool goc_map_load(goc_map *m, uintptr_t key, uintptr_t *value)
{
    struct goc_map_shards *shards = load_acquire(&m->shards);
    if (shards == NULL)
        return false;
    uintptr_t seen = 0;
    int found = TELLS_EVENTS ? -1 : load_unlocked(shards, key, &seen);
    if (found < 0)
        found = load_locked(shards, key, &seen);
    if (found && value)
        *value = seen;
    return found;
}

bool goc_map_swap(goc_map *m, uintptr_t key, uintptr_t value, uintptr_t *previous)
{
    struct place at = lock_place(shards_of(m), key);
    bool found = at.slot != NULL;
    uintptr_t old = found ? at.slot->value : 0;
    if (found)
        change(at.shard, at.slot, value);
    else
        add(at.shard, key, at.hash, value);
    unlock_place(&at, true, true);
    if (found && previous)
        *previous = old;
    return found;
}

void goc_map_store(goc_map *m, uintptr_t key, uintptr_t value)
{
    struct place at = lock_place(shards_of(m), key);
    if (at.slot != NULL)
        change(at.shard, at.slot, value);
    else
        add(at.shard, key, at.hash, value);
    unlock_place(&at, false, true);
}

bool goc_map_load_or_store(goc_map *m, uintptr_t key, uintptr_t value, uintptr_t *actual)
{
    if (goc_map_load(m, key, actual))
        return true;
    struct place at = lock_place(shards_of(m), key);
    bool found = at.slot != NULL;
    if (found)
        value = at.slot->value;
    else
        add(at.shard, key, at.hash, value);
    unlock_place(&at, true, !found);
    if (actual)
        *actual = value;
    return found;
}

bool goc_map_load_and_delete(goc_map *m, uintptr_t key, uintptr_t *value)
{
    struct goc_map_shards *shards = load_acquire(&m->shards);
    if (shards == NULL)
        return false;
    struct place at = lock_place(shards, key);
    bool found = at.slot != NULL;
    uintptr_t old = found ? at.slot->value : 0;
    if (found)
        take_out(at.shard, at.slot);
    unlock_place(&at, true, found);
    if (found && value)
        *value = old;
    return found;
}

void goc_map_delete(goc_map *m, uintptr_t key)
{
    goc_map_load_and_delete(m, key, NULL);
}

bool goc_map_compare_and_swap(goc_map *m, uintptr_t key, uintptr_t old, uintptr_t value)
{
    struct goc_map_shards *shards = load_acquire(&m->shards);
    if (shards == NULL)
        return false;
    struct place at = lock_place(shards, key);
    bool same = at.slot != NULL && at.slot->value == old;
    if (same)
        change(at.shard, at.slot, value);
    unlock_place(&at, true, same);
    return same;
}

bool goc_map_compare_and_delete(goc_map *m, uintptr_t key, uintptr_t old)
{
    struct goc_map_shards *shards = load_acquire(&m->shards);
    if (shards == NULL)
        return false;
    struct place at = lock_place(shards, key);
    bool same = at.slot != NULL && at.slot->value == old;
    if (same)
        take_out(at.shard, at.slot);
    unlock_place(&at, true, same);
    return same;
}

/* A range under way: what F leaves behind if it does not return. */
struct walk {
    struct defer defer;
    uintptr_t *keys; /* of the shard that it is at */
};

static void drop_keys(struct defer *defer)
{
    event_internal_begin();
    free(LIST_OBJECT(defer, struct walk, defer)->keys);
    event_internal_end();
}

/* The keys of SHARD at one moment, for the caller to free; NULL: there are none. */
static uintptr_t *copy_keys(struct shard *shard, size_t *count)
{
    goc__lock(&shard->lock);
    const struct table *table = shard->table;
    *count = shard->count;
    event_internal_begin();
    uintptr_t *keys = *count ? malloc(*count * sizeof *keys) : NULL;
    event_internal_end();
    if (*count > 0 && keys == NULL)
        goc__fatal("runtime: out of memory for a range over a map");
    for (size_t i = 0, next = 0; next < *count; i++) {
        if (table->slots[i].full)
            keys[next++] = table->slots[i].key;
    }
    goc__unlock(&shard->lock);
    return keys;
}

void goc_map_range(goc_map *m, bool (*f)(void *argument, uintptr_t key, uintptr_t value),
                   void *argument)
{
    struct goc_map_shards *shards = load_acquire(&m->shards);
    bool more = shards != NULL;
    struct walk walk = {.keys = NULL};
    goc__defer_push(&walk.defer, drop_keys);
    for (size_t i = 0; more && i < SHARDS; i++) {
        size_t count;
        walk.keys = copy_keys(&shards->shards[i], &count);
        for (size_t k = 0; more && k < count; k++) {
            uintptr_t value;
            /* Asked again: it may be gone since, and what it pointed to as well. */
            if (goc_map_load(m, walk.keys[k], &value))
                more = f(argument, walk.keys[k], value);
        }
        drop_keys(&walk.defer);
    }
    goc__defer_pop(&walk.defer);
}

void goc_map_clear(goc_map *m)
{
    struct goc_map_shards *shards = load_acquire(&m->shards);
    if (shards == NULL)
        return;
    for (size_t i = 0; i < EVENTS && TELLS_EVENTS; i++)
        event_release_merge(&shards->events[i]);
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *shard = &shards->shards[i];
        goc__lock(&shard->lock);
        begin_change(shard);
        for (size_t k = 0; shard->count > 0 && k <= shard->table->mask; k++)
            store_relaxed(&shard->table->slots[k].full, 0u);
        shard->count = 0;
        end_change(shard);
        goc__unlock(&shard->lock);
    }
}

void goc_map_free(goc_map *m)
{
    struct goc_map_shards *shards = m->shards;
    if (shards == NULL)
        return;
    m->shards = NULL;
    event_internal_begin();
    for (size_t i = 0; i < SHARDS; i++) {
        struct table *table = shards->shards[i].table;
        while (table) {
            struct table *outgrown = table->outgrown;
            free(table);
            table = outgrown;
        }
    }
    free(shards);
    event_internal_end();
}
