/* WaitGroup: waiting, waking all, reuse, misuse, and memory that goes with it. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <errno.h>
#include <goc/sync.h>

enum { WORKERS = 50, WAITERS = 10 };

static goc_waitgroup working;
static goc_waitgroup waiting;
static uint32_t finished; // atomic

static void work(void *argument)
{
    (void)argument;
    fetch_add_relaxed(&finished, 1);
    goc_waitgroup_done(&working);
}

static void wait_for_work(void *argument)
{
    (void)argument;
    goc_waitgroup_wait(&working);
    CHECK_EQ(load_relaxed(&finished), WORKERS);
    goc_waitgroup_done(&waiting);
}

static void waits_for_all(void)
{
    goc_waitgroup_wait(&working);
    for (int round = 0; round < 50; round++) {
        store_relaxed(&finished, 0);
        goc_waitgroup_add(&working, WORKERS);
        for (int i = 0; i < WORKERS; i++)
            party_go(work, NULL);
        goc_waitgroup_wait(&working);
        CHECK_EQ(load_relaxed(&finished), WORKERS);
    }
}

static void wakes_every_waiter(void)
{
    pthread_t threads[WAITERS / 2];
    goc_waitgroup_add(&working, WORKERS);
    goc_waitgroup_add(&waiting, WAITERS);
    for (int i = 0; i < WAITERS / 2; i++) {
        threads[i] = party_thread(wait_for_work, NULL);
        party_go(wait_for_work, NULL);
    }
    PARTY_UNTIL((uint32_t)load_relaxed(&working.state) == WAITERS);
    for (int i = 0; i < WORKERS; i++)
        party_go(work, NULL);
    goc_waitgroup_wait(&waiting);
    for (int i = 0; i < WAITERS / 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
}

static void finish(void *wg)
{
    goc_waitgroup_done(wg);
}

/* A WaitGroup on the waiter's stack: done touches nothing of it once wait has returned. */
static __attribute__((__noinline__)) void wait_on_own_stack(void)
{
    goc_waitgroup wg = {0};
    goc_waitgroup_add(&wg, 2);
    party_go(finish, &wg);
    party_go(finish, &wg);
    goc_waitgroup_wait(&wg);
    memset(&wg, 0xA5, sizeof wg); /* a late touch finds nonsense */
    __asm__ volatile("" ::"r"(&wg) : "memory");
}

static void gone_with_its_frame(void)
{
    for (int i = 0; i < 2000; i++)
        wait_on_own_stack();
}

static void add_by_negative(void)
{
    goc_waitgroup_add(&working, 5);
    goc_waitgroup_add(&working, -3);
    goc_waitgroup_done(&working);
    goc_waitgroup_done(&working);
    goc_waitgroup_wait(&working);
}

static void negative_counter(void)
{
    goc_waitgroup_add(&working, 1);
    goc_waitgroup_done(&working);
    goc_waitgroup_done(&working);
}

static void waits_for_nobody(void)
{
    goc_waitgroup_add(&working, 1);
    goc_waitgroup_wait(&working);
}

/* The waiter is readied by done, and finds the group in use again. */
static void reused_too_soon(void)
{
    goc_maxprocs(1); /* so that the waiter does not run before the next add */
    goc_waitgroup_add(&working, 1);
    goc_waitgroup_add(&waiting, 1);
    party_go(wait_for_work, NULL);
    PARTY_UNTIL((uint32_t)load_relaxed(&working.state) == 1);
    goc_waitgroup_done(&working);
    goc_waitgroup_add(&working, 1);
    goc_waitgroup_wait(&waiting);
}

/* As add finds it when wait has counted itself meanwhile: a waiter, and nothing to wait for. */
static void added_beside_wait(void)
{
    store_relaxed(&working.state, 1);
    goc_waitgroup_add(&working, 1);
}

static void wait_until_the_time_is_up(void)
{
    goc_waitgroup_add(&working, 1);
    CHECK_EQ(goc_waitgroup_wait_until(&working, goc_now()), -ETIMEDOUT);
    goc_time soon = goc_now() + 2 * GOC_MILLISECOND;
    CHECK_EQ(goc_waitgroup_wait_until(&working, soon), -ETIMEDOUT);
    CHECK(goc_now() >= soon);
    CHECK_EQ(load_relaxed(&working.state), UINT64_C(1) << 32); /* counted no more */
    goc_waitgroup_done(&working);
    CHECK_EQ(goc_waitgroup_wait_until(&working, goc_now()), 0);
}

static void wait_until_done(void)
{
    for (int round = 0; round < 50; round++) {
        store_relaxed(&finished, 0);
        goc_waitgroup_add(&working, WORKERS);
        for (int i = 0; i < WORKERS; i++)
            party_go(work, NULL);
        goc_time deadline = round % 2 ? GOC_NEVER : goc_now() + GOC_HOUR;
        CHECK_EQ(goc_waitgroup_wait_until(&working, deadline), 0);
        CHECK_EQ(load_relaxed(&finished), WORKERS);
    }
}

/* Done and the deadline meet again and again; whoever wins, the group is as new. */
static void done_against_the_deadline(void)
{
    for (int round = 0; round < 500; round++) {
        goc_waitgroup wg = {0};
        goc_waitgroup_add(&wg, 1);
        party_go(finish, &wg);
        goc_time soon = goc_now() + round % 50 * GOC_MICROSECOND;
        if (goc_waitgroup_wait_until(&wg, soon) == -ETIMEDOUT)
            goc_waitgroup_wait(&wg);
        CHECK_EQ(load_relaxed(&wg.state), 0);
        CHECK_EQ(load_relaxed(&wg.sema), 0);
    }
}

static uint32_t timed_out; // atomic

static void wait_as_thread(void *argument)
{
    (void)argument;
    CHECK_EQ(goc_waitgroup_wait_until(&working, goc_now() + GOC_MILLISECOND), -ETIMEDOUT);
    store_release(&timed_out, 1);
    CHECK_EQ(goc_waitgroup_wait_until(&working, goc_now() + GOC_HOUR), 0);
}

static void threads_have_deadlines_too(void)
{
    goc_waitgroup_add(&working, 1);
    pthread_t thread = party_thread(wait_as_thread, NULL);
    PARTY_UNTIL(load_acquire(&timed_out));
    goc_waitgroup_done(&working);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static const struct isolated_case cases[] = {
    ISOLATED(waits_for_all),
    ISOLATED(wakes_every_waiter),
    ISOLATED(gone_with_its_frame),
    ISOLATED(add_by_negative),
    ISOLATED_PANIC(negative_counter, "panic: sync: negative WaitGroup counter"),
    ISOLATED_PANIC(reused_too_soon, "panic: sync: WaitGroup is reused before previous "
                                    "Wait has returned"),
    ISOLATED_PANIC(added_beside_wait, "panic: sync: WaitGroup misuse: Add called "
                                      "concurrently with Wait"),
    ISOLATED(wait_until_the_time_is_up),
    ISOLATED(wait_until_done),
    ISOLATED(done_against_the_deadline),
    ISOLATED(threads_have_deadlines_too),
    ISOLATED_PANIC(waits_for_nobody, "goroutine 1 [sync.WaitGroup.Wait]"),
};

ISOLATED_MAIN(cases)
