/* A context's inside, for the files of this room.
 *
 * The tree.  A context that can end (KIND_CANCEL) stands in the list of the nearest one above it
 * that can, its source, until either is gone or the source has ended.  Values and
 * without_cancel stand in no list: what they end with is their source.  References go up
 * (each context keeps its parent), lists go down and keep nothing.
 *
 * Ending.  ERR is written once, under the lock, and then DONE is closed.  Whoever ends a context
 * ends those in its list one after the other, not one inside the other: each is pinned
 * under the lock of the one above, then worked on without it.  A context whose last
 * reference is gone leaves its source's list under that lock and then waits for its pins
 * to be gone: so ending frees nothing, and a timer's fire function may do it.
 *
 * Lock order: a heap of timers, a context, what waits with a limit.  Of contexts one at a time.
 */
#ifndef GOC_CONTEXT_CONTEXT_H
#define GOC_CONTEXT_CONTEXT_H

#include "base/list.h"
#include "sched/lock.h"
#include "sched/timers.h"

#include <goc/context.h>

enum context_kind {
    KIND_BACKGROUND,
    KIND_CANCEL,
    KIND_VALUE,
    KIND_WITHOUT_CANCEL,
};

struct goc_context {
    enum context_kind kind; /* const */
    uint32_t references;    // atomic
    goc_context *parent;    /* const: one reference of it; NULL: the root's */
    goc_context *source;    /* const: the nearest that can end, itself perhaps; or NULL */

    const void *key;      /* const, KIND_VALUE */
    void *value;          /* const, KIND_VALUE */
    void (*drop)(void *); /* const, KIND_VALUE */

    /* The rest only of KIND_CANCEL. */
    goc_chan *done;     /* const */
    int64_t deadline;   /* const: the earliest of its own and those above */
    struct timer timer; /* its home's; never armed without a deadline of its own */
    int timeout_cause;  /* const */
    struct lock lock;
    int err;              // atomic: written once under lock, release
    int cause;            /* written once under lock, before err */
    uint32_t pins;        // atomic: raised under the lock of the one above
    struct list children; /* lock: of those that have not ended, by link */
    struct list limits;   /* lock: of those that wait, struct context_limit by link */
    struct list link;     /* the lock of the one above */
    goc_context *next;    /* who ends it: what is still to be ended */
};

/* End CONTEXT and all below it, unless it has ended.
 * FROM_TIMER  under the lock of a heap of timers: none is stopped, and it is nobody's doing. */
void goc__context_end(goc_context *context, int err, int cause, bool from_timer);

#endif
