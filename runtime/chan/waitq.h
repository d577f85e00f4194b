/* Who waits on a channel: queues of waiters, oldest first (Go's sudog and waitq).
 *
 * A waiter lives on the stack of the one that waits, a select's on the select's frame or
 * block.  Whoever takes it from its queue owes its g one goc__ready and may touch it
 * until then, not after.
 *
 * A select stands in several queues at once with one word SELECTED between them: who
 * changes it from 0 to 1 has won the select.  Who takes a waiter whose select was won
 * elsewhere drops it.  The select itself comes by at every other queue once it runs
 * again, under the channel's lock: so no one meets a waiter whose frame is gone, and
 * because DROPPED counts whom it still expects, nobody frees a channel that a select has
 * yet to lock.
 */
#ifndef GOC_CHAN_WAITQ_H
#define GOC_CHAN_WAITQ_H

#include "base/atomic.h"
#include "base/panic.h"
#include "sched/park.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chan_waiter {
    struct chan_waiter *next;     /* younger; the channel's lock */
    struct chan_waiter *previous; /* older; the channel's lock */
    struct g *g;                  /* const: who waits */
    void *elem;                   /* const: sent from or received into; NULL drops */
    uint32_t *selected; /* const: NULL for a plain send or receive; else atomic */
    uint32_t index;     /* const: which case of its select */
    bool queued;        /* the channel's lock */
};

struct waitq {
    struct chan_waiter *first; // atomic: release under the lock, hints acquire it
    struct chan_waiter *last;  /* the channel's lock */
    size_t dropped;            /* taken out, but their select comes by yet; the lock */
};

/* The word a waiter's park returns: which case it was, and whether an element went over;
 * if not, the channel was closed. */
static inline uintptr_t waiter_word(const struct chan_waiter *w, bool completed)
{
    return (uintptr_t)w->index << 1 | completed;
}

static inline bool word_completed(uintptr_t word)
{
    return word & 1;
}

static inline uint32_t word_index(uintptr_t word)
{
    return (uint32_t)(word >> 1);
}

/* W joins Q as the youngest.  Under the channel's lock, like all below. */
static inline void waitq_push(struct waitq *q, struct chan_waiter *w)
{
    w->next = NULL;
    w->previous = q->last;
    w->queued = true;
    if (q->last)
        q->last->next = w;
    else
        store_relaxed(&q->first, w);
    q->last = w;
}

/* W leaves Q, in which it stands. */
static inline void waitq_unlink(struct waitq *q, struct chan_waiter *w)
{
    if (w->previous)
        w->previous->next = w->next;
    else
        store_release(&q->first, w->next); /* pairs with the hints of chan.h */
    if (w->next)
        w->next->previous = w->previous;
    else
        q->last = w->previous;
    w->queued = false;
}

/* Take the oldest waiter whose operation is still open; NULL: nobody waits. */
static inline struct chan_waiter *waitq_take(struct waitq *q)
{
    struct chan_waiter *w;
    while ((w = q->first) != NULL) {
        waitq_unlink(q, w);
        uint32_t open = 0;
        /* relaxed: the word only elects; what the winner did reaches the select through
         * goc__ready, and what the select wrote was read under a lock it held. */
        if (w->selected == NULL || cas_relaxed(w->selected, &open, 1))
            return w;
        q->dropped++;
    }
    return NULL;
}

/* W's select was won in another queue: W leaves Q, or had been dropped from it. */
static inline void waitq_leave(struct waitq *q, struct chan_waiter *w)
{
    if (w->queued) {
        waitq_unlink(q, w);
    } else {
        goc__assert(q->dropped > 0);
        q->dropped--;
    }
}

/* Nobody stands in Q, and nobody will come by. */
static inline bool waitq_deserted(const struct waitq *q)
{
    return q->first == NULL && q->dropped == 0;
}

/* Somebody in Q waits for an operation that is still open. */
static inline bool waitq_waiting(const struct waitq *q)
{
    for (const struct chan_waiter *w = q->first; w != NULL; w = w->next) {
        if (w->selected == NULL || load_relaxed(w->selected) == 0)
            return true;
    }
    return false;
}

#endif
