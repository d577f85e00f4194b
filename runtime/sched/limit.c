#include "sched/limit.h"

#include "base/list.h"
#include "sched/bubble.h"
#include "sched/park.h"

void goc__limit_arm(struct limit *limit, struct lock *lock,
                    bool (*leave)(struct limit *limit, void *waiter), void *waiter)
{
    limit->lock = lock;
    limit->leave = leave;
    limit->waiter = waiter;
    limit->g = goc__self();
    limit->source->arm(limit);
}

void goc__limit_reach(struct limit *limit)
{
    goc__lock(limit->lock);
    limit->reached = true;
    bool left = limit->leave(limit, limit->waiter);
    goc__unlock(limit->lock);
    if (left)
        goc__ready(limit->g, LIMIT_WORD);
}

static void fire(struct timer *timer, int64_t now)
{
    (void)now;
    goc__limit_reach(&LIST_OBJECT(timer, struct deadline, timer)->limit);
}

static void arm(struct limit *limit)
{
    struct deadline *d = LIST_OBJECT(limit, struct deadline, limit);
    goc__timer_init(&d->timer, fire);
    if (d->when <= goc__bubble_now())
        limit->reached = true; /* nobody else knows the limit yet */
    else if (d->when != TIMER_NEVER)
        goc__timer_start(&d->timer, d->when);
}

static void disarm(struct limit *limit)
{
    goc__timer_stop(&LIST_OBJECT(limit, struct deadline, limit)->timer);
}

const struct limit_source goc__deadline_source = {arm, disarm};
