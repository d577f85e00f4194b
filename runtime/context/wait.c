/* Blocking calls that end with a context: those of the rooms below, with another limit. */
#include "context/wait.h"

#include "base/atomic.h"
#include "chan/chan.h"
#include "chan/until.h"
#include "events/events.h"
#include "sched/bubble.h"
#include "sync/cond.h"
#include "sync/semaphore.h"
#include "sync/waitgroup.h"

#include <stddef.h>

static void arm(struct limit *limit)
{
    struct context_limit *l = LIST_OBJECT(limit, struct context_limit, limit);
    list_init(&l->link);
    if (l->source == NULL)
        return;
    goc__lock(&l->source->lock);
    if (load_relaxed(&l->source->err) != 0)
        limit->reached = true; /* nobody else knows the limit */
    else
        list_push_back(&l->source->limits, &l->link);
    goc__unlock(&l->source->lock);
}

static void disarm(struct limit *limit)
{
    struct context_limit *l = LIST_OBJECT(limit, struct context_limit, limit);
    if (l->source == NULL)
        return;
    goc__lock(&l->source->lock);
    list_remove(&l->link);
    goc__unlock(&l->source->lock);
}

static const struct limit_source context_source = {arm, disarm};

/* May somebody who is not in the waiter's bubble end what SOURCE is? */
static bool is_outside(const goc_context *source)
{
    return source != NULL &&
           (!source->done->bubbled || source->done->bubble != goc__bubble_id());
}

#define CONTEXT_LIMIT(context)                                                           \
    {.limit = {.source = &context_source, .outside = is_outside((context)->source)},     \
     .source = (context)->source}

int goc_chan_send_context(goc_chan *c, const void *elem, goc_context *context)
{
    const void *pc = EVENT_CALLER_PC();
    struct context_limit l = CONTEXT_LIMIT(context);
    bool sent = goc__chan_send_limited(c, elem, &l.limit, pc) == CHAN_WENT;
    return sent ? 0 : goc_context_err(context);
}

int goc_chan_recv_context(goc_chan *c, void *elem, goc_context *context)
{
    const void *pc = EVENT_CALLER_PC();
    struct context_limit l = CONTEXT_LIMIT(context);
    switch (goc__chan_recv_limited(c, elem, &l.limit, pc)) {
    case CHAN_WENT:
        return 1;
    case CHAN_WAS_CLOSED:
        return 0;
    case CHAN_LIMIT:
        break;
    }
    return goc_context_err(context);
}

int goc_waitgroup_wait_context(goc_waitgroup *wg, goc_context *context)
{
    const void *pc = EVENT_CALLER_PC();
    struct context_limit l = CONTEXT_LIMIT(context);
    return goc__waitgroup_wait(wg, &l.limit, pc) ? 0 : goc_context_err(context);
}

int goc_cond_wait_context(goc_cond *c, goc_context *context)
{
    const void *pc = EVENT_CALLER_PC();
    struct context_limit l = CONTEXT_LIMIT(context);
    return goc__cond_wait(c, &l.limit, pc) ? 0 : goc_context_err(context);
}

int goc_semaphore_acquire_context(goc_semaphore *s, int64_t n, goc_context *context)
{
    struct context_limit l = CONTEXT_LIMIT(context);
    return goc__semaphore_acquire(s, n, &l.limit) ? 0 : goc_context_err(context);
}

/* To sleep is to wait for the end of the context until a time. */
int goc_sleep_context(goc_duration d, goc_context *context)
{
    int64_t when;
    if (__builtin_add_overflow(goc__bubble_now(), d, &when))
        when = d < 0 ? 0 : TIMER_NEVER - 1;
    struct deadline limit = DEADLINE(when);
    goc__chan_recv_limited(goc_context_done_chan(context), NULL, &limit.limit,
                           EVENT_CALLER_PC());
    return goc_context_err(context);
}
