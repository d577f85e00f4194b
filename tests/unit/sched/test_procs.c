/* How many run at once: GOMAXPROCS, goc_maxprocs up and down, CPUs. */
#include "base/atomic.h"
#include "isolated.h"
#include "os/clock.h"
#include "party.h"
#include "sched/claim.h"
#include "sched/contention.h"
#include "sched/sched.h"

#include <goc/go.h>
#include <goc/time.h>
#include <pthread.h>
#include <sched.h>

enum { WORKERS = 50, ROUNDS = 300 };

static int finished; // atomic

static void comes_from_the_environment(void)
{
    const char *text = getenv("GOMAXPROCS"); /* NOLINT(concurrency-mt-unsafe): alone */
    CHECK(text != NULL);
    CHECK_EQ(goc_maxprocs(0), strtol(text, NULL, 10));
    CHECK_EQ(goc_maxprocs(-5), strtol(text, NULL, 10));
    CHECK(goc_num_cpu() >= 1);
}

static void work(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++)
        goc_yield();
    fetch_add_release(&finished, 1);
}

static void changes_while_others_run(void)
{
    static const int sizes[] = {1, 7, 2, 64, 1, 3};
    int before = goc_maxprocs(0);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (int n = 0; n < WORKERS; n++)
            goc_go(work, NULL, 0);
        CHECK_EQ(goc_maxprocs(sizes[i]), before);
        before = sizes[i];
        PARTY_UNTIL(load_acquire(&finished) >= (int)i * WORKERS);
    }
    PARTY_UNTIL(load_acquire(&finished) == 6 * WORKERS);
    PARTY_UNTIL(goc_num_goroutine() == 1);
}

/* With one P, one goroutine runs at a time: what it does without a yield is never mixed. */
static int inside; // atomic

static void alone(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        CHECK_EQ(fetch_add_relaxed(&inside, 1), 0);
        CHECK_EQ(fetch_sub_relaxed(&inside, 1), 1);
        goc_yield();
    }
    fetch_add_release(&finished, 1);
}

static void one_runs_one_at_a_time(void)
{
    goc_maxprocs(1);
    while (load_acquire(&goc__sched.procs[0]->m) == NULL || goc__m()->p->id != 0)
        goc_yield(); /* the Ps out of use are given up */
    for (int n = 0; n < WORKERS; n++)
        goc_go(alone, NULL, 0);
    PARTY_UNTIL(load_acquire(&finished) == WORKERS);
}

/* A P that has met others at locks all the time. */
static void hinder(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        struct m *m = goc__enter();
        m->p->contended_since = goc__clock_now();
        m->p->contended = 1000000;
        fetch_or_relaxed(&m->p->attention, (uint32_t)ATTENTION_CONTENDED);
        goc__leave(m);
        goc_yield();
    }
    fetch_add_release(&finished, 1);
}

static void stepping_aside_loses_nobody(void)
{
    for (int n = 0; n < WORKERS; n++)
        goc_go(hinder, NULL, 0);
    for (int n = 0; n < WORKERS; n++)
        goc_go(work, NULL, 0);
    PARTY_UNTIL(load_acquire(&finished) == 2 * WORKERS);
}

static void contention_costs_by_its_share_of_time(void)
{
    struct p p = {.contended = 10, .contended_since = goc__clock_now() - GOC_SECOND};
    CHECK(!goc__contention_is_costly(&p)); /* in a second */
    CHECK_EQ(p.contended, 0);
    CHECK(!goc__contention_is_costly(&p)); /* never */
    p = (struct p){.contended = UINT32_C(1) << 30,
                   .contended_since = goc__clock_now() - GOC_MILLISECOND};
    CHECK(goc__contention_is_costly(&p));
}

/* COUNT locks found taken, after waits of WAIT_NS, one every INTERVAL_NS. */
static bool outweigh(uint32_t count, int64_t wait_ns, int64_t interval_ns)
{
    struct p p = {.contended = count, .contended_ns = count * wait_ns};
    return goc__contention_outweighs(&p, count * interval_ns);
}

/* What eight senders and eight receivers of one channel meet, on two Ps of one core complex or of
 * two, and what goroutines meet that work for some microseconds an element: they keep both Ps. */
static void contention_costs_by_its_waits(void)
{
    CHECK(outweigh(64, 160, 550));
    CHECK(outweigh(64, 700, 1900));
    CHECK(outweigh(64, 880, 4800));
    CHECK(!outweigh(64, 160, 6000));
    CHECK(!outweigh(64, 700, 6000));
    CHECK(!outweigh(64, 2500, 100000));
}

static struct lock held;
static int thread_holds; // atomic

/* Hold the lock until somebody sleeps for it. */
static void *hold(void *unused)
{
    goc__lock(&held);
    store_release(&thread_holds, 1);
    while (load_relaxed(&held.state) != 2)
        sched_yield();
    goc__unlock(&held);
    return unused;
}

static void waits_for_locks_are_counted(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, hold, NULL), 0);
    PARTY_UNTIL(load_acquire(&thread_holds) == 1);
    const struct p *p = goc__enter()->p;
    uint32_t count = p->contended;
    int64_t waited = p->contended_ns;
    goc__lock(&held);
    CHECK_EQ(p->contended, count + 1);
    CHECK(p->contended_ns > waited);
    CHECK(p->contended_ns <= waited + CONTENTION_WAIT_MOST_NS);
    goc__unlock(&held);
    goc__leave(goc__m());
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void sleep_a_moment(void *unused)
{
    (void)unused;
    goc_sleep(5 * GOC_MILLISECOND); /* tidy: sleep, because its timer is what is tested */
    fetch_add_release(&finished, 1);
}

/* Their timers lie in the heaps of Ps that go out of use. */
static void sleepers_outlive_their_p(void)
{
    for (int round = 0; round < 5; round++) {
        store_relaxed(&finished, 0);
        goc_maxprocs(8);
        for (int n = 0; n < WORKERS; n++)
            goc_go(sleep_a_moment, NULL, 0);
        for (int i = 0; i < ROUNDS; i++)
            goc_yield();
        goc_maxprocs(1);
        PARTY_UNTIL(load_acquire(&finished) == WORKERS);
    }
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(comes_from_the_environment),
        ISOLATED(changes_while_others_run),
        ISOLATED(one_runs_one_at_a_time),
        ISOLATED(sleepers_outlive_their_p),
        ISOLATED(stepping_aside_loses_nobody),
        ISOLATED(contention_costs_by_its_share_of_time),
        ISOLATED(contention_costs_by_its_waits),
        ISOLATED(waits_for_locks_are_counted),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
