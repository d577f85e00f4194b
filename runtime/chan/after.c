/* goc_after_chan: a channel of capacity 1 into which a timer sends the time.
 *
 * The program owns the channel and lets go of it once: by receiving the value, or by
 * chan_free.  A receive that leaves others waiting lets go of nothing, for they still use
 * the channel; as in Go, they wait for ever.
 *
 * Letting go stops the timer first: when that returns, fire runs no more, so timer and
 * channel can be freed.
 *
 * Order: what happened before goc_after_chan is before the receive, through the slot that it
 * releases to; the timer itself runs on no strand and adds nothing.
 */
#include "chan/chan.h"
#include "events/events.h"
#include "sched/small.h"
#include "sched/timers.h"

#include <goc/time.h>
#include <stddef.h>
#include <stdlib.h>

struct after {
    struct timer timer;
    goc_chan *chan; /* const */
};

/* Runs under the lock of the timer's heap, which comes before the channel's. */
static void fire(struct timer *timer, int64_t now)
{
    struct after *after =
        (struct after *)(void *)((char *)timer - offsetof(struct after, timer));
    goc_chan *c = after->chan;
    goc_time value = now;
    struct chan_waiter *woken = NULL;
    goc__lock(&c->lock);
    enum chan_outcome outcome = goc__chan_send_locked(c, &value, &woken);
    goc__assert(outcome == CHAN_DONE);
    chan_unlock_and_wake(c, woken);
}

struct goc_chan *goc_after_chan(goc_duration d)
{
    const void *pc = EVENT_CALLER_PC();
    event_internal_begin();
    struct after *after = malloc(sizeof *after);
    event_internal_end();
    if (after == NULL)
        goc__fatal("runtime: out of memory for a timer");
    after->chan = goc__chan_new(sizeof(goc_time), 1, pc);
    after->chan->after = after;
    after->chan->timed = true;
    chan_arm_event(after->chan);
    goc__timer_init(&after->timer, fire);
    goc__timer_start(&after->timer, goc__timer_when(d));
    return after->chan;
}

struct last_use {
    struct after *after;
    const void *pc;
};

static void free_both(void *argument)
{
    const struct last_use *use = argument;
    goc__chan_delete(use->after->chan, use->pc);
    event_internal_begin();
    free(use->after);
    event_internal_end();
}

void goc__after_free(struct after *after, const void *pc)
{
    goc__timer_stop(&after->timer);
    struct last_use use = {after, pc};
    goc__with_room(free_both, &use); /* nobody knows what free takes */
}

void goc__after_received(struct after *after, const void *pc)
{
    goc_chan *c = after->chan;
    goc__lock(&c->lock);
    bool unused = waitq_deserted(&c->receivers);
    goc__unlock(&c->lock);
    if (unused)
        goc__after_free(after, pc);
}
