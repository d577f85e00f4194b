/* Pool: a cache for each P, and a generation of victims behind it.
 *
 * A cache has one object at hand (PRIVATE) and a stack of others.  Get looks, in this order, at
 * hand and stack of its own P, at the stacks and hands of the others, then at the victims in
 * the same way, and last calls MAKE.  The P is a hint for where to look, not a right: it may
 * change between two steps, so a cache is guarded by its own means, PRIVATE by an exchange
 * and the stack by a lock.  As each P has its own these are seldom shared.
 *
 * Trim turns what was cached into victims and drops the victims there were.  An object that
 * is used at least once between two trims is never dropped.
 *
 * A cache's stack doubles in size when it is full and never shrinks before the trim that
 * takes it away whole.
 *
 * Order: put merges what it did into one of EVENTS sync objects, by the object's address; the get
 * that returns it acquires from there.  So objects whose addresses meet there order one
 * another, too: that hides a race at times, and never invents one.  (As in Go.)
 *
 * After Go's sync/pool.go, whose stacks have no lock and are shared at the far end.
 */
#include "base/atomic.h"
#include "base/panic.h"
#include "events/events.h"
#include "sched/claim.h"
#include "sched/lock.h"

#include <goc/go.h>
#include <goc/pool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS = 128, STACK_FIRST = 16, CACHES_MAX = 256 };

struct cache {
    _Alignas(CACHE_PAIR_BYTES) void *private; // atomic: release by put, acquire by get
    struct lock lock;
    uint32_t count;    // atomic: written under lock, gets look
    uint32_t capacity; /* lock */
    void **stack;      /* lock: count objects, the last on top */
};

struct goc_pool_caches {
    uint32_t mask;         /* const: caches of a generation, a power of two, minus one */
    struct cache caches[]; /* those in use, then as many with victims */
};

#ifdef GOC_RACE
static uint64_t events[EVENTS];

static const void *event_of(const void *object)
{
    uint64_t product = (uint64_t)(uintptr_t)object * UINT64_C(0x9E3779B97F4A7C15);
    return &events[product >> 57];
}
_Static_assert(EVENTS == 1 << (64 - 57), "the shift is for as many events");
#else
static const void *event_of(const void *object)
{
    return object;
}
#endif

static struct goc_pool_caches *new_caches(void)
{
    size_t count = 1;
    while (count < (size_t)goc_maxprocs(0) && count < CACHES_MAX)
        count *= 2;
    size_t size = sizeof(struct goc_pool_caches) + 2 * count * sizeof(struct cache);
    event_internal_begin();
    struct goc_pool_caches *caches = aligned_alloc(_Alignof(struct cache), size);
    event_internal_end();
    if (caches == NULL)
        goc__fatal("runtime: out of memory for a pool");
    memset(caches, 0, size);
    caches->mask = (uint32_t)count - 1;
    return caches;
}

/* Acquire pairs with the release of whoever made them. */
static struct goc_pool_caches *caches_of(goc_pool *pool)
{
    struct goc_pool_caches *caches = load_acquire(&pool->caches);
    if (caches != NULL)
        return caches;
    struct goc_pool_caches *fresh = new_caches();
    if (cas_acq_rel(&pool->caches, &caches, fresh))
        return fresh;
    event_internal_begin();
    free(fresh);
    event_internal_end();
    return caches;
}

/* Which cache the caller should use first.  A plain thread has no P and takes the first. */
static uint32_t home(const struct goc_pool_caches *caches)
{
    struct m *m = goc__enter();
    uint32_t index = m->p != NULL ? m->p->id & caches->mask : 0;
    goc__leave(m);
    return index;
}

static void *take_private(struct cache *cache)
{
    return load_relaxed(&cache->private) ? exchange_acquire(&cache->private, NULL) : NULL;
}

static void *pop(struct cache *cache)
{
    if (load_relaxed(&cache->count) == 0)
        return NULL;
    goc__lock(&cache->lock);
    void *object = NULL;
    if (cache->count > 0) {
        object = cache->stack[cache->count - 1];
        store_relaxed(&cache->count, cache->count - 1);
    }
    goc__unlock(&cache->lock);
    return object;
}

/* False: there is no memory for one more.  Under the lock. */
static bool grow(struct cache *cache)
{
    uint32_t capacity = cache->capacity ? 2 * cache->capacity : STACK_FIRST;
    event_internal_begin();
    void **stack = (void **)realloc((void *)cache->stack, capacity * sizeof *stack);
    event_internal_end();
    if (stack == NULL)
        return false;
    cache->stack = stack;
    cache->capacity = capacity;
    return true;
}

static bool push(struct cache *cache, void *object)
{
    goc__lock(&cache->lock);
    bool room = cache->count < cache->capacity || grow(cache);
    if (room) {
        cache->stack[cache->count] = object;
        store_relaxed(&cache->count, cache->count + 1);
    }
    goc__unlock(&cache->lock);
    return room;
}

/* Any object of the generation that begins at FIRST, those of cache INDEX before others. */
static void *take(struct cache *first, uint32_t mask, uint32_t index)
{
    for (uint32_t i = 0; i <= mask; i++) {
        struct cache *cache = &first[(index + i) & mask];
        void *object = take_private(cache);
        if (object == NULL)
            object = pop(cache);
        if (object != NULL)
            return object;
    }
    return NULL;
}

void *goc_pool_get(goc_pool *pool)
{
    struct goc_pool_caches *caches = load_acquire(&pool->caches);
    if (caches != NULL) {
        uint32_t index = home(caches);
        void *object = take(caches->caches, caches->mask, index);
        if (object == NULL)
            object = take(caches->caches + caches->mask + 1, caches->mask, index);
        if (object != NULL) {
            event_acquire(event_of(object));
            return object;
        }
    }
    return pool->make ? pool->make() : NULL;
}

void goc_pool_put(goc_pool *pool, void *object)
{
    if (object == NULL)
        return;
    struct goc_pool_caches *caches = caches_of(pool);
    struct cache *cache = &caches->caches[home(caches)];
    event_release_merge(event_of(object));
    void *none = NULL;
    if (load_relaxed(&cache->private) == NULL &&
        cas_release(&cache->private, &none, object))
        return;
    if (!push(cache, object) && pool->drop)
        pool->drop(object);
}

static void drop(goc_pool *pool, void *object)
{
    if (object == NULL || pool->drop == NULL)
        return;
    event_acquire(event_of(object));
    pool->drop(object);
}

/* Drop COUNT objects of STACK, and STACK. */
static void drop_stack(goc_pool *pool, void **stack, uint32_t count)
{
    while (count > 0)
        drop(pool, stack[--count]);
    event_internal_begin();
    free((void *)stack);
    event_internal_end();
}

/* What is in FROM takes the place of what is in VICTIMS, which is dropped; FROM NULL: of
 * nothing. */
static void age(goc_pool *pool, struct cache *from, struct cache *victims)
{
    struct cache old = {0};
    if (from != NULL) {
        old.private = exchange_acquire(&from->private, NULL);
        goc__lock(&from->lock);
        old.stack = from->stack;
        old.count = from->count;
        old.capacity = from->capacity;
        from->stack = NULL;
        from->capacity = 0;
        store_relaxed(&from->count, 0u);
        goc__unlock(&from->lock);
    }
    void *at_hand = exchange_acq_rel(&victims->private, old.private);
    goc__lock(&victims->lock);
    void **stack = victims->stack;
    uint32_t count = victims->count;
    victims->stack = old.stack;
    victims->capacity = old.capacity;
    store_relaxed(&victims->count, old.count);
    goc__unlock(&victims->lock);
    drop(pool, at_hand);
    drop_stack(pool, stack, count);
}

void goc_pool_trim(goc_pool *pool)
{
    struct goc_pool_caches *caches = load_acquire(&pool->caches);
    if (caches == NULL)
        return;
    struct cache *victims = caches->caches + caches->mask + 1;
    for (uint32_t i = 0; i <= caches->mask; i++)
        age(pool, &caches->caches[i], &victims[i]);
}

void goc_pool_free(goc_pool *pool)
{
    struct goc_pool_caches *caches = pool->caches;
    if (caches == NULL)
        return;
    for (uint32_t i = 0; i < 2 * (caches->mask + 1); i++)
        age(pool, NULL, &caches->caches[i]);
    pool->caches = NULL;
    event_internal_begin();
    free(caches);
    event_internal_end();
}
