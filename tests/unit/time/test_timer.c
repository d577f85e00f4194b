/* Timers: they fire once, and not before; what a stop or a reset takes back never comes. */
#include "base/atomic.h"
#include "chan/chan.h"
#include "isolated.h"
#include "party.h"

#include <goc/chan.h>
#include <goc/select.h>
#include <goc/time.h>

static int calls; // atomic

static void count(void *by)
{
    fetch_add_release(&calls, *(int *)by);
}

static int one = 1;

/* Does a value lie in C?  A program cannot ask. */
static bool has_fired(const goc_chan *c)
{
    return load_acquire(&c->count) == 1;
}

/* Is there a value to receive now? */
static bool receives(goc_chan *c)
{
    struct goc_select_case arm = {.chan = c, .op = GOC_SELECT_RECV};
    return goc_select(&arm, 1, true) == 0;
}

static void sends_the_time(void)
{
    goc_duration wait = 3 * GOC_MILLISECOND;
    goc_time start = goc_now();
    goc_timer *t = goc_timer_new(wait);
    goc_time fired;
    CHECK(goc_chan_recv(goc_timer_chan(t), &fired));
    CHECK(fired >= start + wait);
    CHECK(fired <= goc_now());
    CHECK(!goc_timer_stop(t));
    goc_timer_free(t);
}

static void calls_the_function(void)
{
    goc_timer *t = goc_timer_func(GOC_MILLISECOND, count, &one);
    CHECK(goc_timer_chan(t) == NULL);
    PARTY_UNTIL(load_acquire(&calls) == 1);
    CHECK(!goc_timer_stop(t));
    goc_timer_free(t);
}

static void at_once_for_nothing(void)
{
    goc_timer *t = goc_timer_func(0, count, &one);
    goc_timer *u = goc_timer_func(INT64_MIN, count, &one);
    PARTY_UNTIL(load_acquire(&calls) == 2);
    goc_timer_free(t);
    goc_timer_free(u);
    goc_timer *v = goc_timer_new(-GOC_HOUR);
    CHECK(goc_chan_recv(goc_timer_chan(v), NULL));
    goc_timer_free(v);
}

static void stopped_before_it_fires(void)
{
    goc_timer *t = goc_timer_new(GOC_HOUR);
    CHECK(goc_timer_stop(t));
    CHECK(!goc_timer_stop(t));
    CHECK(!receives(goc_timer_chan(t)));
    goc_timer_free(t);
    t = goc_timer_func(INT64_MAX, count, &one);
    CHECK(goc_timer_stop(t));
    goc_timer_free(t);
    CHECK_EQ(load_acquire(&calls), 0);
}

/* The value lies in the channel: a stop takes it back, and says so. */
static void no_value_after_a_stop(void)
{
    for (int i = 0; i < 100; i++) {
        goc_timer *t = goc_timer_new(GOC_MICROSECOND);
        PARTY_UNTIL(has_fired(goc_timer_chan(t)));
        CHECK(goc_timer_stop(t));
        CHECK(!receives(goc_timer_chan(t)));
        CHECK(!goc_timer_stop(t));
        goc_timer_free(t);
    }
}

/* Before it fires, when it has, and after. */
static void looks_unbuffered(void)
{
    goc_timer *t = goc_timer_new(GOC_HOUR);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(goc_chan_len(goc_timer_chan(t)), 0);
        CHECK_EQ(goc_chan_cap(goc_timer_chan(t)), 0);
        goc_timer_reset(t, 0);
        PARTY_UNTIL(has_fired(goc_timer_chan(t)));
    }
    CHECK_EQ(goc_chan_len(goc_timer_chan(t)), 0);
    CHECK(goc_chan_recv(goc_timer_chan(t), NULL));
    goc_timer_free(t);
}

/* Stopped at about the moment at which it fires: nothing comes, whoever was first. */
static void stopped_while_it_fires(void)
{
    for (int i = 0; i < 1000; i++) {
        goc_timer *t = goc_timer_new(i % 5 * GOC_MICROSECOND);
        for (int spin = 0; spin < i % 7; spin++)
            goc_yield();
        CHECK(goc_timer_stop(t));
        CHECK(!receives(goc_timer_chan(t)));
        goc_timer_free(t);
    }
}

static void no_value_of_before_a_reset(void)
{
    goc_timer *t = goc_timer_new(0);
    PARTY_UNTIL(has_fired(goc_timer_chan(t)));
    goc_time before = goc_now();
    CHECK(goc_timer_reset(t, 2 * GOC_MILLISECOND));
    goc_time fired;
    CHECK(goc_chan_recv(goc_timer_chan(t), &fired));
    CHECK(fired >= before + 2 * GOC_MILLISECOND);
    CHECK(!goc_timer_reset(t, GOC_HOUR));
    CHECK(goc_timer_reset(t, GOC_HOUR));
    CHECK(!receives(goc_timer_chan(t)));
    goc_timer_free(t);
}

/* A function whose start a stop prevented is not started; each other one is, once. */
static void as_many_calls_as_were_not_stopped(void)
{
    int started = 0;
    for (int i = 0; i < 500; i++) {
        goc_timer *t = goc_timer_func(i % 5 * GOC_MICROSECOND, count, &one);
        for (int spin = 0; spin < i % 7; spin++)
            goc_yield();
        started += goc_timer_stop(t) ? 0 : 1;
        goc_timer_free(t);
    }
    PARTY_UNTIL(load_acquire(&calls) == started);
}

static void reset_calls_again(void)
{
    goc_timer *t = goc_timer_func(0, count, &one);
    for (int i = 1; i < 50; i++) {
        PARTY_UNTIL(load_acquire(&calls) == i);
        CHECK(!goc_timer_reset(t, i % 3 * GOC_MICROSECOND));
    }
    PARTY_UNTIL(load_acquire(&calls) == 50);
    goc_timer_free(t);
}

static struct {
    goc_timer *timer;
    int finished; // atomic
} shared;

static void stop_and_reset(void *argument)
{
    (void)argument;
    for (int i = 0; i < 300; i++) {
        if (i % 3 == 0)
            goc_timer_stop(shared.timer);
        else
            goc_timer_reset(shared.timer, i % 4 * GOC_MICROSECOND);
        goc_yield();
    }
    fetch_add_release(&shared.finished, 1);
}

/* One timer, stopped and reset by many at once: at the end it still does as it is told. */
static void shared_by_many(void)
{
    shared.timer = goc_timer_func(0, count, &one);
    for (int i = 0; i < 8; i++)
        goc_go(stop_and_reset, NULL, 0);
    PARTY_UNTIL(load_acquire(&shared.finished) == 8);
    goc_timer_stop(shared.timer);
    CHECK(!goc_timer_stop(shared.timer));
    goc_timer_free(shared.timer);
}

static goc_timer *own; // atomic

static void free_own(void *argument)
{
    (void)argument;
    goc_timer *t;
    PARTY_UNTIL((t = load_acquire(&own)) != NULL);
    goc_timer_free(t);
    fetch_add_release(&calls, 1);
}

static void freed_by_its_function(void)
{
    store_release(&own, goc_timer_func(0, free_own, NULL));
    PARTY_UNTIL(load_acquire(&calls) == 1);
}

static void from_a_thread(void *argument)
{
    (void)argument;
    goc_timer *t = goc_timer_new(GOC_MILLISECOND);
    CHECK(goc_chan_recv(goc_timer_chan(t), NULL));
    CHECK(!goc_timer_reset(t, GOC_HOUR));
    CHECK(goc_timer_stop(t));
    goc_timer_free(t);
    t = goc_timer_func(GOC_MILLISECOND, count, &one);
    PARTY_UNTIL(load_acquire(&calls) == 1);
    goc_timer_free(t);
}

static void by_a_thread(void)
{
    pthread_t thread = party_thread(from_a_thread, NULL);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void deadline_arithmetic(void)
{
    goc_time before = goc_now();
    goc_time deadline = goc_deadline_after(GOC_HOUR);
    CHECK(deadline >= before + GOC_HOUR);
    CHECK(goc_deadline_after(INT64_MAX) < GOC_NEVER);
    CHECK_EQ(goc_deadline_after(INT64_MIN), 0);
    goc_time soon = goc_deadline_after(GOC_MILLISECOND);
    goc_sleep_until(soon); /* tidy: sleep, because it is what is tested */
    CHECK(goc_now() >= soon);
    goc_sleep_until(0);
}

static bool chan_awaited(goc_chan *c)
{
    goc__lock(&c->lock);
    bool waiting = waitq_waiting(&c->receivers);
    goc__unlock(&c->lock);
    return waiting;
}

static void wait_for(void *chan)
{
    goc_chan_recv(chan, NULL);
}

static void freed_while_awaited(void)
{
    goc_timer *t = goc_timer_new(GOC_HOUR);
    goc_chan *c = goc_timer_chan(t);
    party_go(wait_for, c);
    PARTY_UNTIL(chan_awaited(c));
    goc_timer_free(t);
}

static const struct isolated_case cases[] = {
    ISOLATED(sends_the_time),
    ISOLATED(calls_the_function),
    ISOLATED(at_once_for_nothing),
    ISOLATED(stopped_before_it_fires),
    ISOLATED(no_value_after_a_stop),
    ISOLATED(looks_unbuffered),
    ISOLATED(stopped_while_it_fires),
    ISOLATED(no_value_of_before_a_reset),
    ISOLATED(as_many_calls_as_were_not_stopped),
    ISOLATED(reset_calls_again),
    ISOLATED(shared_by_many),
    ISOLATED(freed_by_its_function),
    ISOLATED(by_a_thread),
    ISOLATED(deadline_arithmetic),
    ISOLATED_PANIC(freed_while_awaited, "panic: free of channel with waiting goroutines"),
};

ISOLATED_MAIN(cases)
