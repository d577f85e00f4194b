/* What timers and tickers order and what they do not. */
#include "scenarios.h"

static struct barrier gate;

static void touch_and_arrive(void *unused)
{
    (void)unused;
    touch();
    barrier_arrive(&gate);
}

static void timer_before_its_function(void)
{
    touch();
    goc_timer_func(GOC_MICROSECOND, touch_and_arrive, NULL);
    see(&gate, 1);
}

static void reset_before_its_function(void)
{
    goc_timer *t = goc_timer_func(GOC_HOUR, touch_and_arrive, NULL);
    touch();
    goc_timer_reset(t, GOC_MICROSECOND);
    see(&gate, 1);
}

/* Two accesses at the same moment TSan may miss. */
static void touch_as_second(void *unused)
{
    see(&gate, 1);
    touch_and_arrive(unused);
}

/* What comes after the start is not ordered, though the wall clock says so. */
static void after_the_start_is_not_ordered(void)
{
    goc_timer_func(GOC_MILLISECOND, touch_as_second, NULL);
    touch();
    barrier_arrive(&gate);
    see(&gate, 2);
}

static void function_orders_nothing_after_it(void)
{
    goc_timer_func(0, touch_and_arrive, NULL);
    see(&gate, 1);
    touch();
}

static void a_stop_orders_nothing(void)
{
    goc_timer *t = goc_timer_func(0, touch_and_arrive, NULL);
    see(&gate, 1);
    goc_timer_stop(t);
    touch();
}

/* The functions of two timers run on the same P, and are strangers all the same. */
static void two_functions_are_not_ordered(void)
{
    goc_timer_func(0, touch_and_arrive, NULL);
    see(&gate, 1);
    goc_timer_func(0, touch_and_arrive, NULL);
    see(&gate, 2);
}

static void receive_and_touch(chan_recv_only(goc_time) c)
{
    chan_recv(c);
    touch();
    barrier_arrive(&gate);
}

static void timer_before_its_receive(void)
{
    touch();
    goc_timer *t = goc_timer_new(GOC_MICROSECOND);
    go receive_and_touch(goc_timer_c(t));
    see(&gate, 1);
}

static void reset_before_its_receive(void)
{
    goc_timer *t = goc_timer_new(GOC_HOUR);
    go receive_and_touch(goc_timer_c(t));
    let_others_park();
    touch();
    goc_timer_reset(t, GOC_MICROSECOND);
    see(&gate, 1);
}

static void receive_and_touch_as_second(chan_recv_only(goc_time) c)
{
    chan_recv(c);
    touch_as_second(NULL);
}

static void receive_not_after_what_follows_the_start(void)
{
    goc_timer *t = goc_timer_new(GOC_MILLISECOND);
    go receive_and_touch_as_second(goc_timer_c(t));
    touch();
    barrier_arrive(&gate);
    see(&gate, 2);
}

static void ticker_before_its_receive(void)
{
    touch();
    goc_ticker *t = goc_ticker_new(GOC_MICROSECOND);
    go receive_and_touch(goc_ticker_c(t));
    see(&gate, 1);
    goc_ticker_stop(t);
}

static const struct scenario scenarios[] = {
    SCENARIO(timer_before_its_function, NO_RACE),
    SCENARIO(reset_before_its_function, NO_RACE),
    SCENARIO(after_the_start_is_not_ordered, RACE),
    SCENARIO(function_orders_nothing_after_it, RACE),
    SCENARIO(a_stop_orders_nothing, RACE),
    SCENARIO(two_functions_are_not_ordered, RACE),
    SCENARIO(timer_before_its_receive, NO_RACE),
    SCENARIO(reset_before_its_receive, NO_RACE),
    SCENARIO(receive_not_after_what_follows_the_start, RACE),
    SCENARIO(ticker_before_its_receive, NO_RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 10 wrong
