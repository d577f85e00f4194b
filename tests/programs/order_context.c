/* What contexts and errgroups order and what they do not. */
#include "scenarios.h"

#include <goc/errgroup.h>

static goc_context *context;
static goc_waitgroup all;
static struct barrier gate;

static void make(void)
{
    context = goc_context_with_cancel(goc_context_background());
}

static void touch_and_cancel(void)
{
    touch();
    goc_context_cancel(context);
    barrier_arrive(&gate);
}

static void cancel_before_done(void)
{
    make();
    go ^{
        let_others_park();
        touch_and_cancel();
    }();
    chan_recv(goc_context_done(context));
    touch();
}

static void cancel_before_late_done(void)
{
    make();
    go touch_and_cancel();
    see(&gate, 1);
    chan_recv(goc_context_done(context));
    touch();
}

static void cancel_before_err(void)
{
    make();
    go touch_and_cancel();
    while (goc_context_err(context) == 0)
        goc_yield();
    touch();
}

static void cancel_before_the_end_below(void)
{
    make();
    goc_context *child = goc_context_with_cancel(context);
    go touch_and_cancel();
    chan_select {
        chan_case_recv(goc_context_done(child)) {
            touch();
        }
    }
    goc_context_release(child);
    see(&gate, 1);
    goc_context_release(context);
}

/* The tree grows on one side and ends on the other. */
static void birth_beside_cancel(void)
{
    make();
    go ^{
        for (int i = 0; i < 50; i++)
            goc_context_release(goc_context_with_cancel(context));
        goc_context *child = goc_context_with_timeout(context, GOC_HOUR);
        barrier_arrive(&gate);
        chan_recv(goc_context_done(child));
        goc_context_release(child);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    goc_context_cancel(context);
    see(&gate, 2);
}

static void second_cancel_orders_nothing(void)
{
    make();
    goc_context_cancel(context);
    go touch_and_cancel();
    see(&gate, 1);
    chan_recv(goc_context_done(context));
    touch();
}

static void deadline_orders_nothing(void)
{
    context = goc_context_with_timeout(goc_context_background(), 5 * GOC_MILLISECOND);
    go ^{
        touch();
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_recv(goc_context_done(context));
    CHECK(goc_context_err(context) < 0);
    touch();
}

static void cancel_before_a_wait_that_it_ends(void)
{
    make();
    goc_waitgroup_add(&all, 1);
    go ^{
        let_others_park();
        touch_and_cancel();
    }();
    CHECK(goc_waitgroup_wait_context(&all, context) < 0);
    touch();
}

static void done_before_a_wait_with_a_context(void)
{
    make();
    goc_waitgroup_add(&all, 1);
    go ^{
        touch();
        goc_waitgroup_done(&all);
    }();
    CHECK_EQ(goc_waitgroup_wait_context(&all, context), 0);
    touch();
}

static void touch_after(void *argument)
{
    (void)argument;
    touch();
    barrier_arrive(&gate);
}

static void cancel_before_after_func(void)
{
    make();
    goc_context_after *after = goc_context_after_func(context, touch_after, NULL);
    touch();
    goc_context_cancel(context);
    see(&gate, 1);
    CHECK(!goc_context_stop(after));
}

static void after_func_orders_nothing_behind_it(void)
{
    make();
    goc_context_after *after = goc_context_after_func(context, touch_after, NULL);
    goc_context_cancel(context);
    see(&gate, 1);
    CHECK(!goc_context_stop(after));
    touch();
}

static void drop(void *value)
{
    ++*(int *)value;
}

static void release_before_drop(void)
{
    goc_context *c =
        goc_context_with_value(goc_context_background(), &gate, &shared, drop);
    goc_context_retain(c);
    go ^{
        touch();
        goc_context_release(c);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    goc_context_release(c);
}

static goc_errgroup group;

static int touch_and_return(void *argument)
{
    (void)argument;
    touch();
    return 0;
}

static void errgroup_orders(void)
{
    touch();
    goc_errgroup_go(&group, touch_and_return, NULL);
    CHECK_EQ(goc_errgroup_wait(&group), 0);
    touch();
}

static void errgroups_own_are_not_ordered(void)
{
    goc_errgroup_go(&group, touch_and_return, NULL);
    goc_errgroup_go(&group, touch_and_return, NULL);
    goc_errgroup_wait(&group);
}

/* One place: who takes it has seen who left it. */
static void errgroup_of_one_at_a_time(void)
{
    goc_errgroup_set_limit(&group, 1);
    for (int i = 0; i < 4; i++)
        goc_errgroup_go(&group, touch_and_return, NULL);
    CHECK_EQ(goc_errgroup_wait(&group), 0);
}

static const struct scenario scenarios[] = {
    SCENARIO(cancel_before_done, NO_RACE),
    SCENARIO(cancel_before_late_done, NO_RACE),
    SCENARIO(cancel_before_err, NO_RACE),
    SCENARIO(cancel_before_the_end_below, NO_RACE),
    SCENARIO(birth_beside_cancel, NO_RACE),
    SCENARIO(second_cancel_orders_nothing, RACE),
    SCENARIO(deadline_orders_nothing, RACE),
    SCENARIO(cancel_before_a_wait_that_it_ends, NO_RACE),
    SCENARIO(done_before_a_wait_with_a_context, NO_RACE),
    SCENARIO(cancel_before_after_func, NO_RACE),
    SCENARIO(after_func_orders_nothing_behind_it, RACE),
    SCENARIO(release_before_drop, NO_RACE),
    SCENARIO(errgroup_orders, NO_RACE),
    SCENARIO(errgroups_own_are_not_ordered, RACE),
    SCENARIO(errgroup_of_one_at_a_time, NO_RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 15 wrong
