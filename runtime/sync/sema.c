/* Semaphores: a table of buckets, each a lock and the waiters of the words that hash there.
 *
 * A bucket's chain has one entry a word that is waited for: the word's first waiter, from
 * which the others hang in their order.
 *
 * Invariant, under the bucket's lock: while anybody waits for a word, it is 0.  A waiter
 * joins only where it is, and a release that finds a waiter wakes it in place of raising it;
 * so what is given to a waiter cannot be taken by somebody who comes later.
 *
 * After Mullender and Cox, "Semaphores in Plan 9" (2008), and Go's runtime/sema.go; the
 * table is that of futex(2) and WebKit's parking lot.
 */
#include "sync/sema.h"

#include "base/atomic.h"
#include "base/list.h"
#include "sched/lock.h"

#include <stddef.h>

struct sema_waiter {
    struct sema_waiter *younger;   /* same word; bucket's lock */
    struct sema_waiter *older;     /* same word; bucket's lock */
    struct sema_waiter *youngest;  /* of the word, kept in its first; bucket's lock */
    struct sema_waiter *next_word; /* the chain, kept in a word's first; bucket's lock */
    const uint32_t *sema;          /* const */
    struct g *g;                   /* const */
    bool queued;                   /* bucket's lock */
};

enum {
    BUCKET_BITS = 8,
    CACHE_LINE = 64,
};

struct bucket {
    struct lock lock;
    struct sema_waiter *words; /* lock */
} __attribute__((__aligned__(CACHE_LINE)));

static struct bucket table[1 << BUCKET_BITS];

/* Fibonacci hashing: Knuth, vol. 3, 6.4; the top bits of a product with 2^64 / phi. */
static struct bucket *bucket_of(const uint32_t *sema)
{
    uint64_t product = (uint64_t)(uintptr_t)sema * UINT64_C(0x9E3779B97F4A7C15);
    return &table[product >> (64 - BUCKET_BITS)];
}

/* Where the chain points to SEMA's first waiter, or its end. */
static struct sema_waiter **find(struct bucket *bucket, const uint32_t *sema)
{
    struct sema_waiter **link = &bucket->words;
    while (*link && (*link)->sema != sema)
        link = &(*link)->next_word;
    return link;
}

static void join(struct sema_waiter **link, struct sema_waiter *w, bool first)
{
    struct sema_waiter *head = *link;
    w->queued = true;
    if (head == NULL) {
        w->youngest = w;
        *link = w;
    } else if (first) {
        w->younger = head;
        head->older = w;
        w->youngest = head->youngest;
        w->next_word = head->next_word;
        *link = w;
    } else {
        w->older = head->youngest;
        head->youngest->younger = w;
        head->youngest = w;
    }
}

/* The first waiter of the word whose place LINK is; NULL: nobody waits. */
static struct sema_waiter *leave(struct sema_waiter **link)
{
    struct sema_waiter *head = *link;
    if (head == NULL)
        return NULL;
    struct sema_waiter *next = head->younger;
    head->queued = false;
    if (next) {
        next->older = NULL;
        next->youngest = head->youngest;
        next->next_word = head->next_word;
        *link = next;
    } else {
        *link = head->next_word;
    }
    return head;
}

/* W, which a limit has reached, leaves its place in BUCKET; false: it was woken before. */
static bool give_up(struct limit *limit, void *waiter)
{
    struct sema_waiter *w = waiter;
    if (!w->queued)
        return false;
    struct bucket *bucket = LIST_OBJECT(limit->lock, struct bucket, lock);
    struct sema_waiter **link = find(bucket, w->sema);
    if (*link == w) {
        leave(link);
        return true;
    }
    w->queued = false;
    w->older->younger = w->younger;
    if (w->younger)
        w->younger->older = w->older;
    else
        (*link)->youngest = w->older;
    return true;
}

/* Take one from the word itself.  Acquire pairs with the release in goc__sema_release. */
static bool take(uint32_t *sema)
{
    uint32_t count = load_relaxed(sema);
    while (count > 0) {
        if (cas_acquire(sema, &count, count - 1))
            return true;
    }
    return false;
}

static bool unlock_bucket(void *lock)
{
    goc__unlock(lock);
    return true;
}

void goc__sema_acquire(uint32_t *sema, bool first, enum wait_reason reason,
                       const void *object)
{
    if (take(sema))
        return;
    struct bucket *bucket = bucket_of(sema);
    goc__lock(&bucket->lock);
    if (take(sema)) {
        goc__unlock(&bucket->lock);
        return;
    }
    struct sema_waiter waiter = {.sema = sema, .g = goc__self()};
    join(find(bucket, sema), &waiter, first);
    goc__park(unlock_bucket, &bucket->lock, reason, object);
}

bool goc__sema_acquire_limited(uint32_t *sema, struct limit *limit,
                               enum wait_reason reason, const void *object)
{
    if (take(sema))
        return true;
    struct bucket *bucket = bucket_of(sema);
    struct sema_waiter waiter = {.sema = sema, .g = goc__self()};
    goc__limit_arm(limit, &bucket->lock, give_up, &waiter);
    goc__lock(&bucket->lock);
    bool taken = take(sema);
    if (taken || limit->reached) {
        goc__unlock(&bucket->lock);
    } else {
        join(find(bucket, sema), &waiter, false);
        taken = goc__park(unlock_bucket, &bucket->lock, reason, object) != LIMIT_WORD;
    }
    goc__limit_disarm(limit);
    return taken;
}

void goc__sema_release(uint32_t *sema)
{
    struct bucket *bucket = bucket_of(sema);
    goc__lock(&bucket->lock);
    struct sema_waiter *waiter = leave(find(bucket, sema));
    if (waiter == NULL)
        fetch_add_release(sema, 1);
    goc__unlock(&bucket->lock);
    if (waiter)
        goc__ready(waiter->g, 0);
}
