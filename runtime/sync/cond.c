/* Cond: a queue of those who wait for a condition, first come, first woken.
 *
 * A waiter joins under LOCK while it still holds the mutex, and LOCK stays held until it has
 * parked.  So a signal that follows a change made under the mutex finds every waiter that
 * has not seen the change.
 *
 * Order: what happens before a signal or broadcast is seen by those it wakes (sync.Cond's
 * promise), and by no one else: each is released to, and acquires from, its own g.
 */
#include "base/panic.h"
#include "events/events.h"
#include "sched/lock.h"
#include "sync/mutex.h"

#include <stddef.h>

struct goc_waiter {
    struct goc_waiter *next; /* younger; the cond's lock */
    struct g *g;             /* const */
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

void goc_cond_wait(goc_cond *c)
{
    const void *pc = EVENT_CALLER_PC();
    goc_mutex *mutex = c->mutex;
    struct g *self = goc__self();
    struct goc_waiter waiter = {.g = self};
    event_unlock(mutex, true, pc);
    goc__lock(lock_of(c));
    if (c->tail)
        c->tail->next = &waiter;
    else
        c->head = &waiter;
    c->tail = &waiter;
    goc__mutex_unlock(mutex);
    goc__park(unlock_cond, lock_of(c), WAIT_COND, c);
    event_acquire(self);
    goc__mutex_lock(mutex, WAIT_MUTEX, mutex);
    event_lock(mutex, true, MUTEX_KIND, pc);
}

void goc_cond_signal(goc_cond *c)
{
    goc__lock(lock_of(c));
    struct goc_waiter *first = c->head;
    if (first) {
        event_release(first->g);
        c->head = first->next;
        if (c->head == NULL)
            c->tail = NULL;
    }
    goc__unlock(lock_of(c));
    if (first)
        goc__ready(first->g, 0);
}

void goc_cond_broadcast(goc_cond *c)
{
    goc__lock(lock_of(c));
    struct goc_waiter *waiters = c->head;
    for (struct goc_waiter *w = waiters; w; w = w->next)
        event_release(w->g);
    c->head = c->tail = NULL;
    goc__unlock(lock_of(c));
    while (waiters) {
        struct goc_waiter *next = waiters->next; /* a woken waiter is gone at once */
        goc__ready(waiters->g, 0);
        waiters = next;
    }
}
