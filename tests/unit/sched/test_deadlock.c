/* All asleep: reported when it is so, and only then. */
#include "barrier.h"
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"
#include "sched/park.h"

#include <goc/go.h>
#include <goc/time.h>

__attribute__((__noinline__)) static void wait_for_ever(void *unused)
{
    goc__park(NULL, NULL, WAIT_CHAN_RECV_NIL, unused);
    check_fail(__FILE__, __LINE__, "woken by nobody");
}

static void main_alone(void)
{
    wait_for_ever(NULL);
}

static void everybody(void)
{
    for (int i = 0; i < 10; i++)
        goc_go(wait_for_ever, NULL, 0);
    goc__park(NULL, NULL, WAIT_SELECT_NONE, NULL);
    check_fail(__FILE__, __LINE__, "woken by nobody");
}

static void after_main_has_ended(void)
{
    goc_go(wait_for_ever, NULL, 0);
    goc_exit();
}

static void nothing(void *unused)
{
    (void)unused;
}

static void nobody_left(void)
{
    goc_go(nothing, NULL, 0);
    goc_exit();
}

static void end_well(void *unused)
{
    (void)unused;
    exit(0); /* NOLINT(concurrency-mt-unsafe): once */
}

static void sleep_then_end(void *unused)
{
    goc_sleep(20 * GOC_MILLISECOND); /* tidy: sleep, because a timer may still wake */
    end_well(unused);
}

static void not_while_a_timer_runs(void)
{
    goc_go(sleep_then_end, NULL, 0);
    wait_for_ever(NULL);
}

static struct barrier gate;

static void block_then_end(void *unused)
{
    barrier_await(&gate, 1);
    end_well(unused);
}

static void open_gate_later(void *unused)
{
    sleep_then_end(unused);
}

/* A goroutine outside in user code, then nobody but it. */
static void not_while_one_is_outside(void)
{
    goc_go(block_then_end, NULL, 0);
    pthread_t thread = party_thread(open_gate_later, NULL);
    CHECK_EQ(pthread_detach(thread), 0);
    wait_for_ever(NULL);
}

static void await_gate(void *unused)
{
    (void)unused;
    barrier_await(&gate, 1);
}

/* A thread that could still call, then ends. */
static void once_the_threads_are_gone(void)
{
    pthread_t thread = party_thread(await_gate, NULL);
    CHECK_EQ(pthread_detach(thread), 0);
    goc_go(wait_for_ever, NULL, 0);
    barrier_arrive(&gate);
    wait_for_ever(NULL);
}

static void with_the_threads_parked(void)
{
    pthread_t thread = party_thread(wait_for_ever, NULL);
    CHECK_EQ(pthread_detach(thread), 0);
    wait_for_ever(NULL);
}

#define ASLEEP "fatal error: all goroutines are asleep - deadlock!\n"

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED_PANIC(main_alone, ASLEEP "\ngoroutine 1 [chan receive (nil chan)]:\n"
                                          "wait_for_ever(...)"),
        ISOLATED_PANIC(everybody,
                       ASLEEP "\ngoroutine 1 [select (no cases)]:\neverybody(...)"),
        ISOLATED_PANIC(after_main_has_ended,
                       ASLEEP "\ngoroutine 2 [chan receive (nil chan)]:"),
        ISOLATED_PANIC(
            nobody_left,
            "fatal error: no goroutines (main called runtime.Goexit) - deadlock!"),
        ISOLATED(not_while_a_timer_runs),
        ISOLATED(not_while_one_is_outside),
        ISOLATED_PANIC(once_the_threads_are_gone, ASLEEP),
        ISOLATED_PANIC(with_the_threads_parked, ASLEEP),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
