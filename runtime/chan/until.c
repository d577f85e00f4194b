/* Send and receive with a deadline, and for the contexts of the room above.
 *
 * As chan.c, but for the wait: it is that of a select with one arm and a limit beside it.
 * Who changes SELECTED from 0 has won: a party that completes the operation, or the
 * limit, which so needs no lock of the channel's: that may be gone as soon as the operation
 * is complete.  A waiter whose limit won comes by at its queue, as a select does.
 *
 * The limit may be reached before the waiter has parked; LOCK decides which was first, and
 * the park is cancelled.
 *
 * Order: a party that gives up acquires from nobody.
 */
#include "chan/until.h"

#include "base/panic.h"
#include "events/events.h"
#include "os/error.h"

/* One operation that may wait. */
struct attempt {
    struct chan_waiter waiter;
    struct waitq *queue; /* const: where it waits */
    goc_chan *chan;      /* const */
    struct limit *limit; /* const */
    enum wait_reason reason;
    uint32_t selected; /* atomic: waitq.h */
    struct lock lock;
    bool parked;   /* lock */
    bool given_up; /* lock, then the waiter's own */
};

static bool win(struct attempt *attempt)
{
    uint32_t open = 0;
    /* relaxed: it only elects, as in waiter_wins. */
    return cas_relaxed(&attempt->selected, &open, (uint32_t)(SELECT_WON | SELECT_LEAVES));
}

/* The limit is reached, under LOCK. */
static bool give_up(struct limit *limit, void *waiter)
{
    (void)limit;
    struct attempt *attempt = waiter;
    attempt->given_up = attempt->parked && win(attempt);
    return attempt->given_up;
}

/* The waiter is off its stack.  False cancels the park. */
static bool unlock_channel(void *argument)
{
    struct attempt *attempt = argument;
    struct lock *channel = &attempt->chan->lock;
    goc__lock(&attempt->lock);
    /* Nobody else can win while the channel is locked. */
    bool stay = !attempt->limit->reached;
    if (!stay)
        attempt->given_up = win(attempt);
    attempt->parked = stay;
    goc__unlock(&attempt->lock);
    goc__unlock(channel);
    return stay;
}

/* Wait under the channel's lock, which is let go of.  The channel may be gone after. */
static enum chan_limited wait_limited(struct attempt *attempt)
{
    struct g *self = attempt->waiter.g;
    event_wait(goc__parked_strand(self), goc__own_event(self));
    waitq_push(attempt->queue, &attempt->waiter);
    bool durable = attempt->chan->bubbled && !attempt->limit->outside;
    uintptr_t word =
        goc__park(unlock_channel, attempt, goc__bubble_reason(attempt->reason, durable),
                  attempt->chan);
    goc__limit_disarm(attempt->limit);
    if (!attempt->given_up) {
        event_waited(goc__parked_strand(self), goc__own_event(self));
        return word_completed(word) ? CHAN_WENT : CHAN_WAS_CLOSED;
    }
    goc__lock(&attempt->chan->lock);
    waitq_leave(attempt->queue, &attempt->waiter);
    goc__unlock(&attempt->chan->lock);
    return CHAN_LIMIT;
}

static void arm(struct attempt *attempt)
{
    attempt->waiter.g = goc__self();
    attempt->waiter.selected = &attempt->selected;
    goc__limit_arm(attempt->limit, &attempt->lock, give_up, attempt);
}

static enum chan_limited try_or_wait(struct attempt *attempt, bool send)
{
    goc_chan *c = attempt->chan;
    void *elem = attempt->waiter.elem;
    struct chan_waiter *woken = NULL;
    enum chan_limited result = CHAN_WENT;
    arm(attempt);
    goc__lock(&c->lock);
    enum chan_outcome outcome = send ? goc__chan_send_locked(c, elem, &woken)
                                     : goc__chan_recv_locked(c, elem, &woken);
    switch (outcome) {
    case CHAN_BLOCKED:
        return wait_limited(attempt);
    case CHAN_CLOSED:
        if (!send)
            event_acquire(&c->closed);
        result = CHAN_WAS_CLOSED;
        break;
    case CHAN_DONE:
        break;
    }
    chan_unlock_and_wake(c, woken);
    goc__limit_disarm(attempt->limit);
    return result;
}

/* A nil channel: only the limit ends it. */
static enum chan_limited wait_for_limit(struct limit *limit, enum wait_reason reason)
{
    struct goc_chan nobody;
    elem_zero(&nobody, sizeof nobody); /* an initializer of that size is libc's memset */
    nobody.bubbled = true;
    struct attempt attempt = {
        .queue = &nobody.receivers, .chan = &nobody, .limit = limit, .reason = reason};
    arm(&attempt);
    goc__lock(&nobody.lock);
    return wait_limited(&attempt);
}

enum chan_limited goc__chan_send_limited(goc_chan *c, const void *elem,
                                         struct limit *limit, const void *pc)
{
    if (c == NULL)
        return wait_for_limit(limit, WAIT_CHAN_SEND_NIL);
    chan_check_bubble(c, CHAN_SEND);
    chan_send_event(c, elem, ELEM_SHARED, pc);
    struct attempt attempt = {.queue = &c->senders,
                              .chan = c,
                              .limit = limit,
                              .reason = WAIT_CHAN_SEND,
                              .waiter.elem = (void *)(uintptr_t)elem};
    enum chan_limited result = try_or_wait(&attempt, true);
    if (result == CHAN_WAS_CLOSED)
        goc__panic("send on closed channel");
    return result;
}

enum chan_limited goc__chan_recv_limited(goc_chan *c, void *elem, struct limit *limit,
                                         const void *pc)
{
    if (c == NULL)
        return wait_for_limit(limit, WAIT_CHAN_RECV_NIL);
    chan_check_bubble(c, CHAN_RECEIVE);
    chan_use_event(c, pc);
    size_t elem_size = c->elem_size;
    struct after *after = c->after;
    struct attempt attempt = {.queue = &c->receivers,
                              .chan = c,
                              .limit = limit,
                              .reason = WAIT_CHAN_RECV,
                              .waiter.elem = elem};
    enum chan_limited result = try_or_wait(&attempt, false);
    if (result == CHAN_LIMIT)
        return result;
    chan_recv_finish(elem, elem_size, result == CHAN_WENT, ELEM_SHARED, pc);
    if (result == CHAN_WENT && after)
        goc__after_received(after, pc);
    return result;
}

int goc_chan_send_until(goc_chan *c, const void *elem, goc_time deadline)
{
    const void *pc = EVENT_CALLER_PC();
    struct deadline limit = DEADLINE(deadline);
    return goc__chan_send_limited(c, elem, &limit.limit, pc) == CHAN_WENT ? 0
                                                                          : -ETIMEDOUT;
}

int goc_chan_recv_until(goc_chan *c, void *elem, goc_time deadline)
{
    const void *pc = EVENT_CALLER_PC();
    struct deadline limit = DEADLINE(deadline);
    switch (goc__chan_recv_limited(c, elem, &limit.limit, pc)) {
    case CHAN_WENT:
        return 1;
    case CHAN_WAS_CLOSED:
        return 0;
    case CHAN_LIMIT:
        break;
    }
    return -ETIMEDOUT;
}
