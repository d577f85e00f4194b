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

static const struct isolated_case cases[] = {
    ISOLATED(called_once),
    ISOLATED_PANIC(called_from_itself,
                   "fatal error: all goroutines are asleep - deadlock!"),
};

ISOLATED_MAIN(cases)
