/* What goc_synctest_run and goc_synctest_wait order, and what the fake clock does not. */
#include "scenarios.h"

#include <goc/synctest.h>

static struct barrier gate;

/* Sleep in a bubble, where that takes no time. */
static void pass(goc_duration d)
{
    goc_sleep(d); /* tidy: sleep, because the clock is the bubble's */
}

static void touch_it(void)
{
    touch();
}

static void touch_and_end(void *unused)
{
    (void)unused;
    touch();
}

static void run_orders_both_ends(void)
{
    touch();
    goc_synctest_run(touch_and_end, NULL);
    touch();
}

static void start_one(void *unused)
{
    (void)unused;
    go touch_it();
}

static void every_end_before_the_return_of_run(void)
{
    goc_synctest_run(start_one, NULL);
    touch();
}

static void wait_for_an_end(void *unused)
{
    (void)unused;
    go touch_it();
    goc_synctest_wait();
    touch();
}

static void end_before_the_return_of_wait(void)
{
    goc_synctest_run(wait_for_an_end, NULL);
}

static void touch_and_block(chan_recv_only(int) c)
{
    touch();
    chan_recv(c);
}

static void wait_for_a_block(void *unused)
{
    (void)unused;
    chan(int) c = chan_make(int, 0);
    go touch_and_block(c);
    goc_synctest_wait();
    touch();
    chan_close(c);
}

static void block_before_the_return_of_wait(void)
{
    goc_synctest_run(wait_for_a_block, NULL);
}

static void touch_sleep(void)
{
    touch();
    pass(GOC_HOUR);
}

static void wait_for_a_sleep(void *unused)
{
    (void)unused;
    go touch_sleep();
    goc_synctest_wait();
    touch();
    pass(GOC_HOUR); /* time passes only while this goroutine lives */
}

static void sleep_before_the_return_of_wait(void)
{
    goc_synctest_run(wait_for_a_sleep, NULL);
}

static void sleep_touch(void)
{
    pass(GOC_SECOND);
    touch();
}

static void sleep_longer(void *unused)
{
    (void)unused;
    go sleep_touch();
    pass(GOC_HOUR);
    touch();
}

/* The clock of a bubble is no more an order than the one on the wall. */
static void a_longer_sleep_orders_nothing(void)
{
    goc_synctest_run(sleep_longer, NULL);
}

static void sleep_longer_and_wait(void *unused)
{
    (void)unused;
    go sleep_touch();
    pass(GOC_HOUR);
    goc_synctest_wait();
    touch();
}

static void a_wait_after_the_sleep_orders(void)
{
    goc_synctest_run(sleep_longer_and_wait, NULL);
}

static void touch_after_wait(chan_recv_only(int) c)
{
    chan_recv(c);
    touch();
    barrier_arrive(&gate);
}

static void wait_then_wake(void *unused)
{
    (void)unused;
    chan(int) c = chan_make(int, 0);
    go touch_after_wait(c);
    goc_synctest_wait();
    chan_close(c);
    see(&gate, 1);
    touch();
}

static void nothing_behind_the_block_is_ordered(void)
{
    goc_synctest_run(wait_then_wake, NULL);
}

static void run_in_another(void)
{
    goc_synctest_run(touch_and_end, NULL);
    barrier_arrive(&gate);
}

static void two_bubbles_are_not_ordered(void)
{
    go run_in_another();
    go run_in_another();
    see(&gate, 2);
}

static void timers_function(void *unused)
{
    (void)unused;
    touch();
    goc_timer_func(GOC_HOUR, touch_and_end, NULL);
    pass(2 * GOC_HOUR);
}

static void start_before_a_timers_function(void)
{
    goc_synctest_run(timers_function, NULL);
}

static void two_timers(void *unused)
{
    (void)unused;
    goc_timer_func(GOC_SECOND, touch_and_end, NULL);
    goc_timer_func(GOC_HOUR, touch_and_end, NULL);
    pass(2 * GOC_HOUR);
}

static void functions_of_two_timers_are_not_ordered(void)
{
    goc_synctest_run(two_timers, NULL);
}

static void touch_and_arrive(void *unused)
{
    (void)unused;
    touch();
    barrier_arrive(&gate);
}

static void at_once(void *unused)
{
    (void)unused;
    goc_timer_func(0, touch_and_arrive, NULL);
    see(&gate, 1);
    touch();
}

static void function_at_once_orders_nothing_after_it(void)
{
    goc_synctest_run(at_once, NULL);
}

static const struct scenario scenarios[] = {
    SCENARIO(run_orders_both_ends, NO_RACE),
    SCENARIO(every_end_before_the_return_of_run, NO_RACE),
    SCENARIO(end_before_the_return_of_wait, NO_RACE),
    SCENARIO(block_before_the_return_of_wait, NO_RACE),
    SCENARIO(sleep_before_the_return_of_wait, NO_RACE),
    SCENARIO(a_longer_sleep_orders_nothing, RACE),
    SCENARIO(a_wait_after_the_sleep_orders, NO_RACE),
    SCENARIO(nothing_behind_the_block_is_ordered, RACE),
    SCENARIO(two_bubbles_are_not_ordered, RACE),
    SCENARIO(start_before_a_timers_function, NO_RACE),
    SCENARIO(functions_of_two_timers_are_not_ordered, RACE),
    SCENARIO(function_at_once_orders_nothing_after_it, RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 12 wrong
