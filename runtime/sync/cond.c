/* Cond: a queue of those who wait for a condition, first come, first woken.
 *
 * A waiter joins under LOCK while it still holds the mutex, and LOCK stays held until it has
 * parked.  So a signal that follows a change made under the mutex finds every waiter that
 * has not seen the change.
 *
 * SELF is the cond's own address once it has been used: a copy of it finds the original's.
 *
 * Order: what happens before a signal or broadcast is seen by those it wakes (sync.Cond's
 * promise), and by no one else: each is released to, and acquires from, its own g.
 */
#include "sync/cond.h"

#include "base/atomic.h"
#include "base/list.h"
#include "base/panic.h"
#include "events/events.h"
#include "os/error.h"
#include "sched/bubble.h"
#include "sched/gmp.h"
#include "sched/lock.h"
#include "sync/mutex.h"

#include <stddef.h>

struct goc_waiter {
    struct goc_waiter *next;     /* younger; the cond's lock */
    struct goc_waiter *previous; /* older; the cond's lock */
    goc_cond *cond;              /* const */
    struct limit *limit;         /* const; NULL: none */
    struct g *g;                 /* const */
    bool queued;                 /* the cond's lock */
};

/* The public struct has a word where this room has a struct lock of one word. */
_Static_assert(sizeof(struct lock) == sizeof(((goc_cond *)0)->lock),
               "a lock is one word");

static struct lock *lock_of(goc_cond *c)
{
    return (struct lock *)&c->lock;
}

static bool unlock_cond(void *lock)
{
    goc__unlock(lock);
    return true;
}

static void check_copy(goc_cond *c)
{
    uintptr_t self = (uintptr_t)c;
    uintptr_t seen = load_relaxed(&c->self);
    if (seen == self || (seen == 0 && cas_relaxed(&c->self, &seen, self)))
        return;
    if (seen != self)
        goc__panic("sync.Cond is copied");
}

/* All three under the cond's lock. */
static void join(goc_cond *c, struct goc_waiter *w)
{
    w->queued = true;
    w->previous = c->tail;
    if (c->tail)
        c->tail->next = w;
    else
        c->head = w;
    c->tail = w;
}

static void leave(goc_cond *c, struct goc_waiter *w)
{
    w->queued = false;
    if (w->previous)
        w->previous->next = w->next;
    else
        c->head = w->next;
    if (w->next)
        w->next->previous = w->previous;
    else
        c->tail = w->previous;
}

static bool give_up(struct limit *limit, void *waiter)
{
    (void)limit;
    struct goc_waiter *w = waiter;
    if (!w->queued)
        return false;
    leave(w->cond, w);
    return true;
}

/* The waiting itself, without limit where LIMIT is NULL.  False: the limit was reached. */
static bool wait_in_queue(goc_cond *c, struct limit *limit)
{
    goc_mutex *mutex = c->mutex;
    enum wait_reason reason = goc__bubble_reason(WAIT_COND, !(limit && limit->outside));
    struct goc_waiter waiter = {.cond = c, .limit = limit, .g = goc__self()};
    if (limit)
        goc__limit_arm(limit, lock_of(c), give_up, &waiter);
    goc__lock(lock_of(c));
    bool reached = limit && limit->reached;
    if (!reached)
        join(c, &waiter);
    goc__mutex_unlock(mutex);
    if (reached)
        goc__unlock(lock_of(c));
    else
        reached = goc__park(unlock_cond, lock_of(c), reason, c) == LIMIT_WORD;
    if (limit)
        goc__limit_disarm(limit);
    return !reached;
}

bool goc__cond_wait(goc_cond *c, struct limit *limit, const void *pc)
{
    event_use(c, pc);
    check_copy(c);
    goc_mutex *mutex = c->mutex;
    event_unlock(mutex, true, pc);
    bool woken = wait_in_queue(c, limit);
    if (woken)
        event_acquire(goc__own_event(goc__self()));
    goc__mutex_lock(mutex, WAIT_MUTEX, mutex);
    event_lock(mutex, true, MUTEX_KIND, pc);
    return woken;
}

void goc_cond_wait(goc_cond *c)
{
    goc__cond_wait(c, NULL, EVENT_CALLER_PC());
}

int goc_cond_wait_until(goc_cond *c, goc_time deadline)
{
    const void *pc = EVENT_CALLER_PC();
    struct deadline limit = DEADLINE(deadline);
    return goc__cond_wait(c, &limit.limit, pc) ? 0 : -ETIMEDOUT;
}

/* Wake W, which is out of the queue.  Its limit may be about to look for it there, and must not
 * do so any more when signal returns: the cond may be gone then. */
static void wake(struct goc_waiter *w)
{
    if (w->limit)
        goc__limit_disarm(w->limit);
    goc__ready(w->g, 0);
}

void goc_cond_signal(goc_cond *c)
{
    event_use(c, EVENT_CALLER_PC());
    check_copy(c);
    goc__lock(lock_of(c));
    struct goc_waiter *first = c->head;
    if (first) {
        event_release(goc__own_event(first->g));
        leave(c, first);
    }
    goc__unlock(lock_of(c));
    if (first)
        wake(first);
}

void goc_cond_broadcast(goc_cond *c)
{
    event_use(c, EVENT_CALLER_PC());
    check_copy(c);
    goc__lock(lock_of(c));
    struct goc_waiter *waiters = c->head;
    for (struct goc_waiter *w = waiters; w; w = w->next) {
        event_release(goc__own_event(w->g));
        w->queued = false;
    }
    c->head = c->tail = NULL;
    goc__unlock(lock_of(c));
    while (waiters) {
        struct goc_waiter *next = waiters->next; /* a woken waiter is gone at once */
        wake(waiters);
        waiters = next;
    }
}
