/* Timers and sleeping: never early, in order, stoppable, from goroutines and threads. */
#include "base/atomic.h"
#include "isolated.h"
#include "os/clock.h"
#include "party.h"
#include "sched/sched.h"
#include "sched/timers.h"

#include <goc/go.h>
#include <goc/time.h>
#include <stddef.h>

enum {
    SLEEPERS = 2000,
    TIMERS = 3000,  /* a heap and some tens of buckets of a wheel */
    YIELDERS = 400, /* more than a ring holds */
};

static int finished; // atomic

static void sleep_for(void *argument)
{
    goc_duration d = *(goc_duration *)argument;
    goc_time before = goc_now();
    goc_sleep(d); /* tidy: sleep, because sleeping is what is tested */
    CHECK(goc_now() - before >= d);
    fetch_add_release(&finished, 1);
}

static void never_wakes_early(void)
{
    for (int i = 0; i < SLEEPERS; i++) {
        goc_duration d = GOC_MILLISECOND * (i % 50) / 2;
        goc_go(sleep_for, &d, sizeof d);
    }
    PARTY_UNTIL(load_acquire(&finished) == SLEEPERS);
}

/* Their timers are in the heaps and wheels of Ps that go out of use. */
static void wakes_though_its_p_is_gone(void)
{
    for (int i = 0; i < 2 * SLEEPERS; i++) {
        goc_duration d = 20 * GOC_MILLISECOND + GOC_MILLISECOND * (i % 50);
        goc_go(sleep_for, &d, sizeof d);
    }
    goc_duration d = 10 * GOC_MILLISECOND;
    sleep_for(&d);
    goc_maxprocs(1);
    PARTY_UNTIL(load_acquire(&finished) == 2 * SLEEPERS + 1);
}

/* All Ps idle: somebody keeps the time. */
static void wakes_when_all_sleep(void)
{
    for (int i = 0; i < 20; i++) {
        goc_duration d = GOC_MICROSECOND * (i + 1) * 100;
        goc_go(sleep_for, &d, sizeof d);
        sleep_for(&d);
    }
    PARTY_UNTIL(load_acquire(&finished) == 40);
}

static void negative_sleeps_return(void)
{
    goc_sleep(0);           /* tidy: sleep, because it must not */
    goc_sleep(-GOC_SECOND); /* tidy: sleep, because it must not */
}

struct noted {
    struct timer timer;
    int64_t when;
};

static struct noted noted[TIMERS];
static int64_t last_fired; // atomic: only one fires at a time on one heap
static int fired;          // atomic

static void note(struct timer *timer, int64_t now)
{
    struct noted *one =
        (struct noted *)(void *)((char *)timer - offsetof(struct noted, timer));
    CHECK(now >= one->when);
    CHECK(one->when >= load_relaxed(&last_fired));
    store_relaxed(&last_fired, one->when);
    fetch_add_release(&fired, 1);
}

static void fires_in_order_and_stops(void)
{
    goc_maxprocs(1); /* one heap */
    int64_t start = goc__clock_now() + 5 * GOC_MILLISECOND;
    for (int i = 0; i < TIMERS; i++) {
        goc__timer_init(&noted[i].timer, note);
        noted[i].when = start + GOC_MICROSECOND * (i * 7919 % TIMERS) * 10;
        goc__timer_start(&noted[i].timer, noted[i].when);
    }
    int stopped = 0;
    for (int i = 0; i < TIMERS; i += 3)
        stopped += goc__timer_stop(&noted[i].timer);
    PARTY_UNTIL(load_acquire(&fired) + stopped == TIMERS);
    for (int i = 0; i < TIMERS; i++)
        CHECK(!goc__timer_stop(&noted[i].timer));
}

/* Stopped and started again for another time, in the heap or the wheel, before or after. */
static void fires_when_last_started_for(void)
{
    goc_maxprocs(1);
    int64_t start = goc__clock_now() + 50 * GOC_MILLISECOND;
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < TIMERS; i++) {
            if (round == 0)
                goc__timer_init(&noted[i].timer, note);
            else
                CHECK(goc__timer_stop(&noted[i].timer));
            int place = (i * 7919 + round * 1009) % TIMERS;
            noted[i].when = start + GOC_MICROSECOND * 10 * place;
            goc__timer_start(&noted[i].timer, noted[i].when);
        }
    PARTY_UNTIL(load_acquire(&fired) == TIMERS);
}

static struct timers other;

static void moves_heap_and_wheel(void)
{
    goc_maxprocs(1);
    struct timers *first = &goc__sched.procs[0]->timers;
    int64_t start = goc__clock_now() + 100 * GOC_SECOND;
    for (int i = 0; i < TIMERS; i++) {
        goc__timer_init(&noted[i].timer, note);
        goc__timer_start(&noted[i].timer, start - GOC_SECOND * (i % 98));
    }
    CHECK(first->wheel.count > 0);
    goc__timers_init(&other);
    goc__timers_move(&other, first);
    CHECK_EQ(first->heap.count + first->wheel.count, 0);
    CHECK_EQ(other.heap.count + other.wheel.count, TIMERS);
    for (int i = 0; i < TIMERS; i++)
        CHECK(goc__timer_stop(&noted[i].timer));
    CHECK(load_relaxed(&other.earliest) == TIMER_NEVER);
}

static void never_started_is_not_armed(void)
{
    struct timer timer;
    goc__timer_init(&timer, note);
    CHECK(!goc__timer_stop(&timer));
}

/* Nothing else in the process ever enters the scheduler. */
static void fires_for_a_thread(void *unused)
{
    (void)unused;
    noted[0].when = goc__clock_now() + GOC_MILLISECOND;
    goc__timer_init(&noted[0].timer, note);
    goc__timer_start(&noted[0].timer, noted[0].when);
    while (load_acquire(&fired) == 0)
        sched_yield();
    goc_duration d = GOC_MILLISECOND;
    sleep_for(&d);
}

static void works_for_threads(void)
{
    CHECK_EQ(pthread_join(party_thread(fires_for_a_thread, NULL), NULL), 0);
    CHECK_EQ(finished, 1);
}

static bool stop; // atomic

static void compute(void *unused)
{
    (void)unused;
    while (!load_acquire(&stop))
        cpu_relax();
    fetch_add_release(&finished, 1);
}

/* The P whose heap holds the timer runs a goroutine that never enters the runtime. */
static void fires_beside_a_computation(void)
{
    goc_go(compute, NULL, 0);
    goc_duration d = GOC_MILLISECOND;
    sleep_for(&d);
    store_release(&stop, true);
    PARTY_UNTIL(load_acquire(&finished) == 2);
}

static void yield_on(void *unused)
{
    (void)unused;
    while (!load_acquire(&stop))
        goc_yield();
    fetch_add_release(&finished, 1);
}

/* There is always more to run than the ring has room for. */
static void fires_beside_a_full_ring(void)
{
    for (int i = 0; i < YIELDERS; i++)
        goc_go(yield_on, NULL, 0);
    goc_yield();
    goc_duration d = GOC_MILLISECOND;
    sleep_for(&d);
    store_release(&stop, true);
    PARTY_UNTIL(load_acquire(&finished) == YIELDERS + 1);
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(never_wakes_early),          ISOLATED(wakes_when_all_sleep),
        ISOLATED(negative_sleeps_return),     ISOLATED(fires_in_order_and_stops),
        ISOLATED(never_started_is_not_armed), ISOLATED(works_for_threads),
        ISOLATED(fires_beside_a_computation), ISOLATED(fires_beside_a_full_ring),
        ISOLATED(wakes_though_its_p_is_gone), ISOLATED(fires_when_last_started_for),
        ISOLATED(moves_heap_and_wheel),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
