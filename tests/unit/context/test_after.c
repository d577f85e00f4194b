/* goc_context_after_func: called once the context has ended, unless it was stopped. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <goc/context.h>

static uint32_t called; // atomic

static void call(void *argument)
{
    CHECK(argument == &called);
    fetch_add_release(&called, 1);
}

static void called_at_the_end(void)
{
    goc_context *c = goc_context_with_cancel(goc_context_background());
    goc_context_after *after = goc_context_after_func(c, call, &called);
    for (int i = 0; i < 20; i++)
        goc_yield();
    CHECK_EQ(called, 0);
    goc_context_cancel(c);
    PARTY_UNTIL(load_acquire(&called) == 1);
    CHECK(!goc_context_stop(after));
    after = goc_context_after_func(c, call, &called); /* has ended before */
    PARTY_UNTIL(load_acquire(&called) == 2);
    CHECK(!goc_context_stop(after));
    goc_context_release(c);
}

static void called_at_the_deadline(void)
{
    goc_context *c = goc_context_with_timeout(goc_context_background(), GOC_MILLISECOND);
    goc_context_after *after = goc_context_after_func(c, call, &called);
    goc_context_release(c); /* after keeps it */
    PARTY_UNTIL(load_acquire(&called) == 1);
    CHECK(!goc_context_stop(after));
}

static void not_called_once_stopped(void)
{
    goc_context *c = goc_context_with_cancel(goc_context_background());
    CHECK(goc_context_stop(goc_context_after_func(c, call, &called)));
    CHECK(goc_context_stop(
        goc_context_after_func(goc_context_background(), call, &called)));
    goc_context_cancel(c);
    goc_context_release(c);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    CHECK_EQ(called, 0);
}

static void cancel_and_release(void *context)
{
    goc_context_cancel(context);
    goc_context_release(context);
}

static void either_stopped_or_called(void)
{
    uint32_t stopped = 0;
    enum { ROUNDS = 500 };
    for (int i = 0; i < ROUNDS; i++) {
        goc_context *c = goc_context_with_cancel(goc_context_background());
        goc_context_after *after = goc_context_after_func(c, call, &called);
        party_go(cancel_and_release, c);
        if (i % 2)
            goc_yield();
        stopped += goc_context_stop(after);
    }
    PARTY_UNTIL(goc_num_goroutine() == 1);
    CHECK_EQ(stopped + load_acquire(&called), ROUNDS);
}

static const struct isolated_case cases[] = {
    ISOLATED(called_at_the_end),
    ISOLATED(called_at_the_deadline),
    ISOLATED(not_called_once_stopped),
    ISOLATED(either_stopped_or_called),
};

ISOLATED_MAIN(cases)
