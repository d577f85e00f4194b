/* Work moves to idle Ps: from owners that talk, and from owners that compute. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"
#include "sched/sched.h"

#include <goc/go.h>
#include <goc/sync.h>

enum { WORKERS = 64, SUM_TO = 200000, LEAVES = 1000 };

static int finished; // atomic
static bool stop;    // atomic

static void set_stop(void *unused)
{
    (void)unused;
    store_release(&stop, true);
}

/* The spawner computes until what it spawned has run: somebody must have taken it. */
static void from_one_that_computes(void)
{
    goc_go(set_stop, NULL, 0);
    while (!load_acquire(&stop))
        cpu_relax();
}

static void from_one_that_computes_and_spawned_many(void)
{
    for (int i = 0; i < WORKERS; i++)
        goc_go(set_stop, NULL, 0);
    while (!load_acquire(&stop))
        cpu_relax();
    PARTY_UNTIL(goc_num_goroutine() == 1);
}

static long sums[WORKERS];

static void sum(void *argument)
{
    int worker = *(int *)argument;
    long total = 0;
    for (int i = 1; i <= SUM_TO; i++) {
        total += i;
        if (i % 50000 == 0)
            goc_yield();
        __asm__ volatile("" : "+r"(total));
    }
    sums[worker] = total;
    fetch_add_release(&finished, 1);
}

static void everything_is_done_once(void)
{
    for (int i = 0; i < WORKERS; i++)
        goc_go(sum, &i, sizeof i);
    PARTY_UNTIL(load_acquire(&finished) == WORKERS);
    for (int i = 0; i < WORKERS; i++)
        CHECK_EQ(sums[i], (long)SUM_TO * (SUM_TO + 1) / 2);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    CHECK_EQ(finished, WORKERS);
}

static goc_mutex mutex;
static long shared; /* mutex */

static void leaf(void *unused)
{
    (void)unused;
    goc_mutex_lock(&mutex);
    shared++;
    goc_mutex_unlock(&mutex);
    fetch_add_release(&finished, 1);
}

static void branch(void *unused)
{
    (void)unused;
    for (int i = 0; i < LEAVES; i++)
        goc_go(leaf, NULL, 0);
}

static void bursts_spread(void)
{
    for (int i = 0; i < 20; i++)
        goc_go(branch, NULL, 0);
    PARTY_UNTIL(load_acquire(&finished) == 20 * LEAVES);
    CHECK_EQ(shared, 20 * LEAVES);
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(from_one_that_computes),
        ISOLATED(from_one_that_computes_and_spawned_many),
        ISOLATED(everything_is_done_once),
        ISOLATED(bursts_spread),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
