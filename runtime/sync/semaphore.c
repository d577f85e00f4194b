/* Weighted semaphore: units given in the order in which they were asked for.
 *
 * Invariants, under the lock
 *   0 <= held; it exceeds SIZE only if the caller shrinks that.
 *   The first waiter's request does not fit, or is more than there ever is.
 * Whoever makes room, by a release or by giving up at the front, serves the waiters from the
 * front until one does not fit.  A request that can never fit does not stand in the queue, so
 * that it does not block others: it waits for its limit alone.
 *
 * Order: each release is merged into the semaphore's own sync object, each success acquires it.
 *
 * After golang.org/x/sync/semaphore.
 */
#include "sync/semaphore.h"

#include "base/panic.h"
#include "events/events.h"
#include "os/error.h"
#include "sched/bubble.h"
#include "sched/lock.h"
#include "sched/park.h"

#include <stddef.h>

struct goc_semaphore_waiter {
    struct goc_semaphore_waiter *next;     /* younger; the semaphore's lock */
    struct goc_semaphore_waiter *previous; /* older; the semaphore's lock */
    goc_semaphore *semaphore;              /* const */
    struct limit *limit;                   /* const; NULL: none */
    struct g *g;                           /* const */
    int64_t n;                             /* const: units asked for */
    bool queued;                           /* the semaphore's lock */
    bool doomed;                           /* const: asks for more than there are */
};

/* The public struct has a word where this room has a struct lock of one word. */
_Static_assert(sizeof(struct lock) == sizeof(((goc_semaphore *)0)->lock),
               "a lock is one word");

static struct lock *lock_of(goc_semaphore *s)
{
    return (struct lock *)&s->lock;
}

static bool unlock_semaphore(void *lock)
{
    goc__unlock(lock);
    return true;
}

static bool fits(const goc_semaphore *s, int64_t n)
{
    return s->size - s->held >= n;
}

/* All four under the lock. */
static void join(goc_semaphore *s, struct goc_semaphore_waiter *w)
{
    w->queued = true;
    if (w->doomed)
        return;
    w->previous = s->tail;
    if (s->tail)
        s->tail->next = w;
    else
        s->head = w;
    s->tail = w;
}

static void leave(goc_semaphore *s, struct goc_semaphore_waiter *w)
{
    w->queued = false;
    if (w->doomed)
        return;
    if (w->previous)
        w->previous->next = w->next;
    else
        s->head = w->next;
    if (w->next)
        w->next->previous = w->previous;
    else
        s->tail = w->previous;
    w->next = NULL;
}

/* Take out those who can be served now; returns them linked by next. */
static struct goc_semaphore_waiter *serve(goc_semaphore *s)
{
    struct goc_semaphore_waiter *served = NULL;
    struct goc_semaphore_waiter **end = &served;
    while (s->head && fits(s, s->head->n)) {
        struct goc_semaphore_waiter *w = s->head;
        s->held += w->n;
        leave(s, w);
        *end = w;
        end = &w->next;
    }
    return served;
}

static bool give_up(struct limit *limit, void *waiter)
{
    (void)limit;
    struct goc_semaphore_waiter *w = waiter;
    if (!w->queued)
        return false;
    leave(w->semaphore, w);
    return true;
}

/* Without the lock.  A limit must not look for its waiter after this: the semaphore may be
 * gone once the caller has returned. */
static void wake(struct goc_semaphore_waiter *served)
{
    while (served) {
        struct goc_semaphore_waiter *next = served->next; /* woken, it is gone at once */
        if (served->limit)
            goc__limit_disarm(served->limit);
        goc__ready(served->g, 0);
        served = next;
    }
}

/* The lock is held and let go of.  Returns whether the units were taken. */
static bool wait_for_units(goc_semaphore *s, struct goc_semaphore_waiter *w)
{
    join(s, w);
    enum wait_reason reason =
        goc__bubble_reason(WAIT_SEMACQUIRE, !(w->limit && w->limit->outside));
    if (goc__park(unlock_semaphore, lock_of(s), reason, s) != LIMIT_WORD)
        return true;
    /* It may have stood before others that fit. */
    goc__lock(lock_of(s));
    struct goc_semaphore_waiter *served = serve(s);
    goc__unlock(lock_of(s));
    wake(served);
    return false;
}

static void check_weight(int64_t n)
{
    if (n < 0)
        goc__panic("semaphore: negative weight");
}

bool goc__semaphore_acquire(goc_semaphore *s, int64_t n, struct limit *limit)
{
    check_weight(n);
    struct goc_semaphore_waiter waiter = {
        .semaphore = s, .limit = limit, .g = goc__self(), .n = n, .doomed = n > s->size};
    if (limit)
        goc__limit_arm(limit, lock_of(s), give_up, &waiter);
    goc__lock(lock_of(s));
    bool taken = s->head == NULL && fits(s, n);
    if (taken)
        s->held += n;
    if (taken || (limit && limit->reached))
        goc__unlock(lock_of(s));
    else
        taken = wait_for_units(s, &waiter);
    if (limit)
        goc__limit_disarm(limit);
    if (taken)
        event_acquire(&s->held);
    return taken;
}

void goc_semaphore_acquire(goc_semaphore *s, int64_t n)
{
    goc__semaphore_acquire(s, n, NULL);
}

int goc_semaphore_acquire_until(goc_semaphore *s, int64_t n, goc_time deadline)
{
    struct deadline limit = DEADLINE(deadline);
    return goc__semaphore_acquire(s, n, &limit.limit) ? 0 : -ETIMEDOUT;
}

bool goc_semaphore_tryacquire(goc_semaphore *s, int64_t n)
{
    check_weight(n);
    goc__lock(lock_of(s));
    bool taken = s->head == NULL && fits(s, n);
    if (taken)
        s->held += n;
    goc__unlock(lock_of(s));
    if (taken)
        event_acquire(&s->held);
    return taken;
}

void goc_semaphore_release(goc_semaphore *s, int64_t n)
{
    check_weight(n);
    event_release_merge(&s->held);
    goc__lock(lock_of(s));
    s->held -= n;
    bool too_many = s->held < 0;
    struct goc_semaphore_waiter *served = too_many ? NULL : serve(s);
    goc__unlock(lock_of(s));
    if (too_many)
        goc__panic("semaphore: released more than held");
    wake(served);
}
