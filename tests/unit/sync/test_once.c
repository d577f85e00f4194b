/* Once: one call, and everybody sees what it did. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <goc/sync.h>

enum { PARTIES = 20 };

static goc_once once;
static int calls;  /* once */
static int result; /* once */
static goc_waitgroup all;

static void make_result(void)
{
    calls++;
    for (int i = 0; i < 10; i++)
        goc_yield(); /* the others come meanwhile */
    result = 42;
}

static void call(void *argument)
{
    (void)argument;
    goc_once_do(&once, make_result);
    CHECK_EQ(result, 42);
    goc_waitgroup_done(&all);
}

static void called_once(void)
{
    pthread_t threads[PARTIES / 2];
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES / 2; i++) {
        party_go(call, NULL);
        threads[i] = party_thread(call, NULL);
    }
    goc_waitgroup_wait(&all);
    for (int i = 0; i < PARTIES / 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK_EQ(calls, 1);
}

static void call_again(void)
{
    goc_once_do(&once, call_again);
}

static void called_from_itself(void)
{
    goc_once_do(&once, call_again);
}

static void end_inside(void)
{
    calls++;
    goc_yield();
    goc_exit();
}

static void call_and_end(void *argument)
{
    (void)argument;
    goc_once_do(&once, end_inside);
    CHECK(calls == 1); /* all but the one that was ended come here */
    goc_waitgroup_done(&all);
}

/* Go's sync.Once: f that ends its goroutine has been called. */
static void ended_inside(void)
{
    goc_waitgroup_add(&all, PARTIES - 1);
    for (int i = 0; i < PARTIES; i++)
        party_go(call_and_end, NULL);
    goc_waitgroup_wait(&all);
    CHECK_EQ(calls, 1);
    goc_once_do(&once, make_result);
    CHECK_EQ(result, 0);
}

static goc_once outer;

static void end_in_both(void)
{
    goc_once_do(&once, end_inside);
}

static void call_both(void *argument)
{
    (void)argument;
    goc_once_do(&outer, end_in_both);
}

/* The end of a goroutine passes every once that it is in. */
static void ended_inside_two(void)
{
    party_go(call_both, NULL);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    goc_once_do(&outer, make_result);
    goc_once_do(&once, make_result);
    CHECK_EQ(calls, 1);
}

static const struct isolated_case cases[] = {
    ISOLATED(called_once),
    ISOLATED(ended_inside),
    ISOLATED(ended_inside_two),
    ISOLATED_PANIC(called_from_itself,
                   "fatal error: all goroutines are asleep - deadlock!"),
};

ISOLATED_MAIN(cases)
