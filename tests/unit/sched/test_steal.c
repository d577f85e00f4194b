/* Work moves to idle Ps: from owners that talk, and from owners that compute.  And who looks for
 * work does not take the CPU from who has it. */
#include "base/atomic.h"
#include "isolated.h"
#include "os/clock.h"
#include "os/thread.h"
#include "party.h"
#include "sched/claim.h"
#include "sched/idle.h"
#include "sched/sched.h"
#include "sched/steal.h"

#include <goc/go.h>
#include <goc/sync.h>
#include <sched.h>

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

static void nothing(void *unused)
{
    (void)unused;
}

/* Two Ps: the second is made with the first goroutine. */
static void use_two(void)
{
    goc_maxprocs(2);
    goc_go(nothing, NULL, 0);
    PARTY_UNTIL(goc_num_goroutine() == 1);
}

/* The calling thread stays where it is. */
static void stay_on_one_cpu(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)goc__thread_cpu(), &set);
    CHECK_EQ(sched_setaffinity(0, sizeof set, &set), 0);
}

static void begin_to_spin(struct m *m)
{
    m->spinning = true;
    fetch_add_relaxed(&goc__sched.spinning, 1u);
}

static void stop_to_spin(struct m *m)
{
    m->spinning = false;
    m->crowded_cpu = 0;
    fetch_sub_relaxed(&goc__sched.spinning, 1u);
}

/* Its looks take CPU, its naps do not: a thief that spins uses all of the time that it takes. */
static void a_thief_on_the_cpu_of_who_has_work_sleeps(void)
{
    enum { LOOKS = 100 };
    use_two();
    stay_on_one_cpu();
    struct m *m = goc__enter();
    begin_to_spin(m);
    int64_t used = goc__thread_cpu_time(goc__thread_id());
    int64_t start = goc__clock_now();
    for (int i = 0; i < LOOKS; i++) {
        m->crowded_cpu = 1 + goc__thread_cpu();
        goc__steal(m);
    }
    int64_t elapsed = goc__clock_now() - start;
    used = goc__thread_cpu_time(goc__thread_id()) - used;
    stop_to_spin(m);
    goc__leave(m);
    CHECK(2 * used < elapsed);
}

static bool somebody_knows(int32_t crowded_cpu)
{
    for (struct m *m = load_acquire(&goc__sched.ms); m != NULL; m = m->next)
        if (m->crowded_cpu == crowded_cpu)
            return true;
    return false;
}

static void a_thief_knows_where_it_was_woken(void)
{
    enum { TRIES = 100000 }; /* another may look for work just then */
    bool known = false;
    use_two();
    stay_on_one_cpu();
    for (int i = 0; i < TRIES && !known; i++) {
        struct m *m = goc__enter();
        goc__idle_wake_slow();
        known = somebody_knows(1 + goc__thread_cpu());
        goc__leave(m);
        goc_yield();
    }
    CHECK(known);
}

static int stage; // atomic: of the next

static void compute_and_share_nothing(void *unused)
{
    (void)unused;
    for (int i = 0; i < WORKERS; i++)
        goc_go(nothing, NULL, 0);
    store_release(&stage, 1);
    while (load_acquire(&stage) == 1)
        cpu_relax();
}

/* M, whose P has nothing, gives it up, and sees what another one has.  False: it does not, another
 * M was faster. */
static bool ask_in_vain(struct m *m)
{
    begin_to_spin(m);
    goc__idle_drop_p(m);
    bool looks_again = m->p != NULL;
    if (looks_again)
        CHECK(m->crowded_cpu != 0);
    while (m->p == NULL && !goc__idle_take_p(m))
        cpu_relax(); /* not asleep: the others may do all there is without this M */
    if (m->spinning)
        stop_to_spin(m);
    return looks_again;
}

/* The calling goroutine finds its P idle while another one computes that has spawned. */
static bool try_to_ask_in_vain(void)
{
    store_release(&stage, 0);
    goc_go(compute_and_share_nothing, NULL, 0);
    while (load_acquire(&stage) == 0)
        cpu_relax();
    struct m *m = goc__enter();
    /* Else the monitor has taken both who compute for hogs, and they have other Ps than before. */
    bool looked =
        !goc__p_has_work(m->p) && load_relaxed(&goc__sched.queued) == 0 && ask_in_vain(m);
    goc__leave(m);
    store_release(&stage, 2);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    return looked;
}

static void a_thief_that_asked_in_vain_sleeps(void)
{
    enum { TRIES = 20 };
    goc_maxprocs(2);
    for (int i = 0; i < TRIES && !try_to_ask_in_vain(); i++)
        continue;
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(from_one_that_computes),
        ISOLATED(from_one_that_computes_and_spawned_many),
        ISOLATED(everything_is_done_once),
        ISOLATED(bursts_spread),
        ISOLATED(a_thief_on_the_cpu_of_who_has_work_sleeps),
        ISOLATED(a_thief_knows_where_it_was_woken),
        ISOLATED(a_thief_that_asked_in_vain_sleeps),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
