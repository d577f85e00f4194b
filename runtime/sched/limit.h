/* Limits: what ends a wait before its time, a deadline or a context.
 *
 * Protocol, for the operation that waits
 *   goc__limit_arm, then take the queue's lock.  If what it waits for is there, or the limit
 *   was reached meanwhile (reached), it unlocks and disarms.  Else it joins the queue,
 *   parks, and disarms once it runs again.
 * For the source, once the limit is reached: goc__limit_reach, at most once.  Under the queue's
 * lock it takes the waiter out by LEAVE, unless a waker was there first; so exactly one
 * of the two readies it.  When disarm has returned the source touches neither the limit nor
 * the queue; it may be called twice, also by who wakes the waiter, before the ready.
 *
 * Lock order: a source's lock (a heap of timers, a context) comes before the queue's.
 */
#ifndef GOC_SCHED_LIMIT_H
#define GOC_SCHED_LIMIT_H

#include "sched/lock.h"
#include "sched/timers.h"

#include <stdbool.h>
#include <stdint.h>

struct g;
struct limit;

/* What goc__park returns to a waiter whose limit was reached. */
#define LIMIT_WORD UINTPTR_MAX

struct limit_source {
    void (*arm)(struct limit *limit);
    void (*disarm)(struct limit *limit);
};

struct limit {
    const struct limit_source *source;           /* const */
    struct lock *lock;                           /* const once armed: the queue's */
    bool (*leave)(struct limit *, void *waiter); /* const once armed; called under lock:
                                                    WAITER leaves, false: not in the queue */
    void *waiter;                                /* const once armed */
    struct g *g;                                 /* const once armed */
    bool outside; /* const: may be reached by who is not in the waiter's bubble */
    bool reached; /* lock */
};

/* The caller is about to wait as WAITER in the queue that LOCK guards. */
void goc__limit_arm(struct limit *limit, struct lock *lock,
                    bool (*leave)(struct limit *limit, void *waiter), void *waiter);

/* The wait is over, or did not begin.  Not under a lock that a source takes. */
static inline void goc__limit_disarm(struct limit *limit)
{
    limit->source->disarm(limit);
}

/* For a source: LIMIT is reached. */
void goc__limit_reach(struct limit *limit);

/* The source that is a time on the waiter's clock. */
struct deadline {
    struct limit limit;
    struct timer timer;
    int64_t when; /* const; TIMER_NEVER: no limit */
};

extern const struct limit_source goc__deadline_source;

#define DEADLINE(time) {.limit.source = &goc__deadline_source, .when = (time)}

#endif
