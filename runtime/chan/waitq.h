/* Who waits on a channel: queues of waiters, oldest first (Go's sudog and waitq).
 *
 * A waiter lives on the stack of the one that waits, a select's on the select's frame or
 * block.  Whoever takes it from its queue owes its g one goc__ready and may touch it
 * until then, not after.
 *
 * A select stands in several queues at once with one word SELECTED between them: who
 * changes it from 0 to SELECT_WON has won the select.  Who takes a waiter whose select was won
 * elsewhere drops it, and excuses it by its mark in that word: the select, once it runs again,
 * comes by only at the queues for which it finds no mark, under each channel's lock.  So no one
 * meets a waiter whose frame is gone.
 *
 * A select that finds marks missing first says SELECT_LEAVES, after which nobody excuses it: who
 * drops it then counts it in DROPPED instead, until it has come by.  So nobody frees a channel
 * that a select has yet to lock.  Both are read-modify-writes of the one word: either the select
 * sees the mark, or who drops it that it leaves.
 */
#ifndef GOC_CHAN_WAITQ_H
#define GOC_CHAN_WAITQ_H

#include "base/atomic.h"
#include "base/panic.h"
#include "sched/gmp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chan_waiter {
    struct chan_waiter *next;     /* younger; the channel's lock */
    struct chan_waiter *previous; /* older; the channel's lock */
    struct g *g;                  /* const: who waits */
    void *elem;                   /* const: sent from or received into; NULL drops */
    uint32_t *selected; /* const: NULL for a plain send or receive; else atomic: below */
    uint32_t index;     /* const: which case of its select */
    bool queued;        /* the channel's lock */
};

struct waitq {
    struct chan_waiter *first; // atomic: release under the lock, hints acquire it
    struct chan_waiter *last;  /* the channel's lock */
    size_t dropped;            /* taken out, but their select comes by yet; the lock */
};

/* The word SELECTED.  Above these a mark for each of the first arms: its waiter was dropped and is
 * excused.  The arms behind them have none: to their queues a select always comes by. */
enum {
    SELECT_WON = 1,
    SELECT_LEAVES = 2,
    SELECT_MARKS_SHIFT = 2,
    SELECT_MARKS = 30,
};

/* The mark of arm INDEX; 0: has none. */
static inline uint32_t select_mark(uint32_t index)
{
    return index < SELECT_MARKS ? (uint32_t)1 << (index + SELECT_MARKS_SHIFT) : 0;
}

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

/* Is W's operation the one of its select that goes on?  W is out of its queue.
 * relaxed: the word only elects; what the winner did reaches the select through goc__ready, and
 * what the select wrote was read under a lock it held. */
static inline bool waiter_wins(const struct chan_waiter *w)
{
    uint32_t open = 0;
    return load_relaxed(w->selected) == 0 &&
           cas_relaxed(w->selected, &open, (uint32_t)SELECT_WON);
}

/* Excuse W, which is out of its queue and whose select was won elsewhere: that may be gone at
 * once.  False: it comes by. */
static inline bool waiter_excuse(const struct chan_waiter *w)
{
    uint32_t mark = select_mark(w->index);
    uint32_t state = load_relaxed(w->selected);
    while (mark != 0 && !(state & SELECT_LEAVES)) {
        /* release: it is touched no more. */
        if (cas_release(w->selected, &state, state | mark))
            return true;
    }
    return false;
}

/* Take the oldest waiter whose operation is still open; NULL: nobody waits. */
static inline struct chan_waiter *waitq_take(struct waitq *q)
{
    struct chan_waiter *w;
    while ((w = q->first) != NULL) {
        waitq_unlink(q, w);
        if (w->selected == NULL || waiter_wins(w))
            return w;
        if (!waiter_excuse(w))
            q->dropped++;
    }
    return NULL;
}

/* W's select was won in another queue, and W is not excused: it leaves Q, or had been dropped from
 * it. */
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
