/* Weighted semaphore: weights, order, deadlines, misuse. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <errno.h>
#include <goc/chan.h>
#include <goc/semaphore.h>
#include <goc/sync.h>

enum { UNITS = 10 };

static goc_semaphore units = GOC_SEMAPHORE_INIT(UNITS);
static goc_waitgroup all;
static uint32_t inside; // atomic
static uint32_t most;   // atomic
static goc_chan *served;

static void use_some(void *argument)
{
    int64_t n = *(const int64_t *)argument;
    for (int i = 0; i < 200; i++) {
        goc_semaphore_acquire(&units, n);
        uint32_t now = fetch_add_relaxed(&inside, (uint32_t)n) + (uint32_t)n;
        CHECK(now <= UNITS);
        goc_yield();
        fetch_sub_relaxed(&inside, (uint32_t)n);
        goc_semaphore_release(&units, n);
    }
    goc_waitgroup_done(&all);
}

static void never_more_than_there_are(void)
{
    enum { PARTIES = 12 };
    static int64_t weights[PARTIES];
    pthread_t threads[PARTIES];
    goc_waitgroup_add(&all, PARTIES + 2);
    for (int i = 0; i < PARTIES; i++) {
        weights[i] = i % UNITS + 1;
        party_go(use_some, &weights[i]);
    }
    for (int i = 0; i < 2; i++)
        threads[i] = party_thread(use_some, &weights[i]);
    goc_waitgroup_wait(&all);
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK_EQ(units.held, 0);
    CHECK(units.head == NULL);
}

static void try(void)
{
    CHECK(goc_semaphore_tryacquire(&units, 7));
    CHECK(!goc_semaphore_tryacquire(&units, 4));
    CHECK(goc_semaphore_tryacquire(&units, 3));
    CHECK(goc_semaphore_tryacquire(&units, 0));
    CHECK(!goc_semaphore_tryacquire(&units, 11));
    goc_semaphore_release(&units, 10);
    CHECK(goc_semaphore_tryacquire(&units, UNITS));
}

struct request {
    int64_t n;
    int number;
};

static uint32_t started; // atomic

static void take_and_tell(void *argument)
{
    const struct request *r = argument;
    fetch_add_relaxed(&started, 1);
    goc_semaphore_acquire(&units, r->n);
    goc_chan_send(served, &r->number);
}

static int next_served(void)
{
    int number;
    CHECK(goc_chan_recv(served, &number));
    return number;
}

/* A large request in front lets nobody pass, though small ones would fit. */
static void nobody_overtakes(void)
{
    static struct request requests[] = {{8, 0}, {3, 1}, {2, 2}};
    goc_maxprocs(1); /* who has started has also asked once others run again */
    served = goc_chan_make(sizeof(int), 3);
    goc_semaphore_acquire(&units, 5);
    for (uint32_t i = 0; i < 3; i++) {
        party_go(take_and_tell, &requests[i]);
        PARTY_UNTIL(load_relaxed(&started) == i + 1);
    }
    CHECK(!goc_semaphore_tryacquire(&units, 1));
    CHECK_EQ(goc_chan_len(served), 0);
    goc_semaphore_release(&units, 5);
    CHECK_EQ(next_served(), 0);
    CHECK_EQ(units.held, 8);
    CHECK(!goc_semaphore_tryacquire(&units, 1));
    goc_semaphore_release(&units, 8);
    CHECK_EQ(next_served() + next_served(), 1 + 2);
    goc_chan_free(served);
}

static void too_late(void)
{
    goc_semaphore_acquire(&units, 4);
    CHECK_EQ(goc_semaphore_acquire_until(&units, 7, goc_now()), -ETIMEDOUT);
    goc_time soon = goc_now() + 2 * GOC_MILLISECOND;
    CHECK_EQ(goc_semaphore_acquire_until(&units, 7, soon), -ETIMEDOUT);
    CHECK(goc_now() >= soon);
    CHECK_EQ(goc_semaphore_acquire_until(&units, 6, goc_now()), 0);
    CHECK_EQ(units.held, UNITS);
    CHECK(units.head == NULL);
}

static uint32_t gave_up; // atomic

static void ask_too_long(void *argument)
{
    (void)argument;
    goc_time soon = goc_now() + 2 * GOC_MILLISECOND;
    CHECK_EQ(goc_semaphore_acquire_until(&units, 8, soon), -ETIMEDOUT);
    store_relaxed(&gave_up, 1);
}

/* Who gives up in front lets pass those behind it that fit. */
static void giving_up_serves_others(void)
{
    static struct request small = {2, 1};
    served = goc_chan_make(sizeof(int), 1);
    goc_semaphore_acquire(&units, 5);
    party_go(ask_too_long, NULL);
    PARTY_UNTIL(units.head != NULL || load_relaxed(&gave_up));
    party_go(take_and_tell, &small);
    CHECK_EQ(next_served(), 1); /* while 5 are still held */
    PARTY_UNTIL(load_relaxed(&gave_up));
    goc_chan_free(served);
}

/* More than there are: it waits for its deadline, and in nobody's way. */
static void ask_for_more_than_there_are(void)
{
    static struct request impossible = {UNITS + 1, 0};
    served = goc_chan_make(sizeof(int), 1);
    goc_time soon = goc_now() + GOC_MILLISECOND;
    CHECK_EQ(goc_semaphore_acquire_until(&units, UNITS + 1, soon), -ETIMEDOUT);
    goc_maxprocs(1);
    party_go(take_and_tell, &impossible);
    PARTY_UNTIL(load_relaxed(&started));
    goc_semaphore_acquire(&units, UNITS);
    goc_semaphore_release(&units, UNITS);
    goc_chan_recv(served, NULL); /* for ever */
}

static void take_at_times(void *argument)
{
    (void)argument;
    for (int i = 0; i < 300; i++) {
        int64_t n = i % UNITS + 1;
        goc_time soon = goc_now() + i % 30 * GOC_MICROSECOND;
        if (goc_semaphore_acquire_until(&units, n, soon) == 0) {
            fetch_add_relaxed(&most, 1);
            goc_yield();
            goc_semaphore_release(&units, n);
        }
    }
    goc_waitgroup_done(&all);
}

static void deadlines_against_releases(void)
{
    goc_waitgroup_add(&all, 8);
    for (int i = 0; i < 8; i++)
        party_go(take_at_times, NULL);
    goc_waitgroup_wait(&all);
    CHECK(most > 0);
    CHECK_EQ(units.held, 0);
    CHECK(units.head == NULL);
    CHECK(units.tail == NULL);
}

static void released_more_than_held(void)
{
    goc_semaphore_acquire(&units, 1);
    goc_semaphore_release(&units, 2);
}

static void negative_weight(void)
{
    goc_semaphore_acquire(&units, -1);
}

static const struct isolated_case cases[] = {
    ISOLATED(never_more_than_there_are),
    ISOLATED(try),
    ISOLATED(nobody_overtakes),
    ISOLATED(too_late),
    ISOLATED(giving_up_serves_others),
    ISOLATED_PANIC(ask_for_more_than_there_are,
                   "fatal error: all goroutines are asleep - deadlock!"),
    ISOLATED(deadlines_against_releases),
    ISOLATED_PANIC(released_more_than_held, "panic: semaphore: released more than held"),
    ISOLATED_PANIC(negative_weight, "panic: semaphore: negative weight"),
};

ISOLATED_MAIN(cases)
