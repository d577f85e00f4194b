/* Timers that a program can stop and start again, and tickers.
 *
 * A timer has a channel of capacity 1, into which it sends the time, or a function, for which
 * it starts a goroutine.  A ticker is a timer with a channel and a period; a tick that finds
 * the channel full is dropped.
 *
 * Invariants
 *   Who stops or starts holds the timer's own lock, so that of several at once each finds
 *   the timer armed or not.  A fire holds the heap's lock instead: the order is timer,
 *   heap, channel.
 *   When goc__timer_stop has returned, no fire runs and none will.  What the last one sent
 *   then lies in the channel or was received; halt takes it out.  So nothing that was sent
 *   before a stop or a reset is received after it (Go since 1.23).
 *
 * Order: starting a timer is before its function and before the receive of what it sends.  A
 * fire runs on no strand and adds nothing.
 */
#include "base/list.h"
#include "base/panic.h"
#include "chan/chan.h"
#include "events/events.h"
#include "sched/bubble.h"
#include "sched/spawn.h"
#include "sched/timers.h"

#include <goc/go.h>
#include <goc/time.h>
#include <stddef.h>
#include <stdlib.h>

struct goc_timer {
    struct timer timer;
    struct lock lock;         /* one stop or start at a time */
    goc_chan *chan;           /* const; NULL where there is a function */
    void (*function)(void *); /* const */
    void *argument;           /* const */
    struct spawn_origin
        origin;         /* const: who made the timer; with events, its sync object */
    uint32_t bubble_id; /* const: the bubble whose member made it; 0: none */
};

struct goc_ticker {
    goc_timer timer;
};

static goc_timer *timer_of(struct timer *timer)
{
    return LIST_OBJECT(timer, goc_timer, timer);
}

static void fire_chan(struct timer *timer, int64_t now)
{
    goc_chan *c = timer_of(timer)->chan;
    goc_time value = now;
    struct chan_waiter *woken = NULL;
    goc__lock(&c->lock);
    enum chan_outcome outcome = goc__chan_send_locked(c, &value, &woken);
    goc__assert(outcome != CHAN_CLOSED);
    chan_unlock_and_wake(c, woken);
}

struct call {
    void (*function)(void *);
    void *argument;
};

static void run_function(void *args)
{
    struct call call = *(struct call *)args;
    event_acquire(goc__own_event(goc__self()));
    call.function(call.argument);
}

static void fire_function(struct timer *timer, int64_t now)
{
    (void)now;
    goc_timer *t = timer_of(timer);
    struct call call = {t->function, t->argument};
    goc__spawn_after(&t->origin, run_function, &call, sizeof call, &t->origin);
}

static goc_timer *make(size_t size, const void *pc)
{
    event_internal_begin();
    goc_timer *t = calloc(1, size);
    event_internal_end();
    if (t == NULL)
        goc__fatal("runtime: out of memory for a timer");
    t->bubble_id = goc__bubble_id();
    t->origin = (struct spawn_origin){.pc = pc, .goid = goc_goid()};
    if (goc__bubble_any())
        t->origin.bubble = goc__bubble_self();
    return t;
}

static void make_chan(goc_timer *t, const void *pc)
{
    t->chan = goc__chan_new(sizeof(goc_time), 1, pc);
    t->chan->timed = true;
    goc__timer_init(&t->timer, fire_chan);
}

/* Under T's lock; T is not armed. */
static void start(goc_timer *t, goc_duration d)
{
    if (t->chan != NULL)
        chan_arm_event(t->chan);
    else
        event_release(&t->origin);
    goc__timer_start(&t->timer, goc__timer_when(d));
}

/* Take out what lies in C.  Not an operation of the program's: it orders nothing. */
static bool drain(goc_chan *c)
{
    struct chan_waiter *woken = NULL;
    event_internal_begin();
    goc__lock(&c->lock);
    enum chan_outcome outcome = goc__chan_recv_locked(c, NULL, &woken);
    chan_unlock_and_wake(c, woken);
    event_internal_end();
    return outcome == CHAN_DONE;
}

/* Under T's lock.  True: T was armed, or had sent what nobody has received. */
static bool halt(goc_timer *t)
{
    bool pending = goc__timer_stop(&t->timer);
    if (t->chan != NULL && drain(t->chan))
        pending = true;
    return pending;
}

/* T is about to be used as WHAT says. */
static inline void check_bubble(const goc_timer *t, const char *what)
{
    if (t->bubble_id != 0)
        goc__bubble_check(t->bubble_id, what);
}

goc_timer *goc_timer_new(goc_duration d)
{
    const void *pc = __builtin_return_address(0);
    goc_timer *t = make(sizeof *t, pc);
    make_chan(t, pc);
    start(t, d);
    return t;
}

goc_timer *goc_timer_func(goc_duration d, void (*f)(void *), void *argument)
{
    if (f == NULL)
        goc__fatal("go of nil func value");
    goc_timer *t = make(sizeof *t, __builtin_return_address(0));
    event_expect_orphans(); /* before what start releases */
    t->function = f;
    t->argument = argument;
    goc__timer_init(&t->timer, fire_function);
    start(t, d);
    return t;
}

goc_chan *goc_timer_chan(const goc_timer *t)
{
    return t->chan;
}

static bool stop(goc_timer *t)
{
    goc__lock(&t->lock);
    bool pending = halt(t);
    goc__unlock(&t->lock);
    return pending;
}

bool goc_timer_stop(goc_timer *t)
{
    check_bubble(t, "stop of synctest timer");
    return stop(t);
}

bool goc_timer_reset(goc_timer *t, goc_duration d)
{
    check_bubble(t, "reset of synctest timer");
    goc__lock(&t->lock);
    bool pending = halt(t);
    start(t, d);
    goc__unlock(&t->lock);
    return pending;
}

void goc_timer_free(goc_timer *t)
{
    if (t == NULL)
        return;
    stop(t);
    if (t->chan != NULL)
        goc_chan_free(t->chan);
    event_internal_begin();
    free(t);
    event_internal_end();
}

goc_ticker *goc_ticker_new(goc_duration d)
{
    const void *pc = __builtin_return_address(0);
    if (d <= 0)
        goc__panic("non-positive interval for NewTicker");
    goc_ticker *t = (goc_ticker *)(void *)make(sizeof *t, pc);
    make_chan(&t->timer, pc);
    t->timer.timer.period = d;
    start(&t->timer, d);
    return t;
}

goc_chan *goc_ticker_chan(const goc_ticker *t)
{
    return t->timer.chan;
}

void goc_ticker_stop(goc_ticker *t)
{
    check_bubble(&t->timer, "stop of synctest ticker");
    stop(&t->timer);
}

void goc_ticker_reset(goc_ticker *t, goc_duration d)
{
    if (d <= 0)
        goc__panic("non-positive interval for Ticker.Reset");
    check_bubble(&t->timer, "reset of synctest ticker");
    goc__lock(&t->timer.lock);
    halt(&t->timer);
    t->timer.timer.period = d;
    start(&t->timer, d);
    goc__unlock(&t->timer.lock);
}

void goc_ticker_free(goc_ticker *t)
{
    if (t != NULL)
        goc_timer_free(&t->timer);
}
