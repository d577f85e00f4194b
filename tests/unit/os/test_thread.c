/* What threads say about each other: asleep or not, CPU time, how many. */
#include "base/atomic.h"
#include "os/clock.h"
#include "os/futex.h"
#include "os/membarrier.h"
#include "os/thread.h"
#include "unit.h"

#include <sched.h>
#include <unistd.h>

static int32_t tid;    // atomic
static uint32_t gate;  // atomic: 0 sleep, 1 run, 2 end
static uint32_t ended; // atomic

static void *obey(void *unused)
{
    store_release(&tid, goc__thread_id());
    while (load_acquire(&gate) == 0)
        goc__futex_wait(&gate, 0, FUTEX_NO_DEADLINE);
    while (load_acquire(&gate) == 1)
        cpu_relax();
    store_release(&ended, 1u);
    return unused;
}

static void order(uint32_t what)
{
    store_release(&gate, what);
    goc__futex_wake(&gate, 1);
}

static void knows_who_sleeps(void **state)
{
    (void)state;
    int before = goc__thread_count();
    assert_true(before >= 1);
    assert_int_equal(goc__thread_start(obey, NULL), 0);
    while (load_acquire(&tid) == 0)
        goc__thread_yield();
    assert_int_equal(goc__thread_count(), before + 1);
    int fd = goc__thread_state_open(tid);
    assert_true(fd >= 0);
    while (!goc__thread_sleeps(fd))
        goc__thread_yield();
    int64_t used = goc__thread_cpu_time(tid);
    assert_true(used > 0);
    assert_int_equal(goc__thread_cpu_time(tid), used);
    order(1);
    while (goc__thread_sleeps(fd))
        goc__thread_yield();
    while (goc__thread_cpu_time(tid) == used)
        goc__thread_yield();
    assert_false(goc__thread_sleeps(fd));
    order(2);
    while (load_acquire(&ended) == 0)
        goc__thread_yield();
    while (goc__thread_count() > before)
        goc__thread_yield();
    assert_int_equal(goc__thread_cpu_time(tid), -1);
    assert_false(goc__thread_sleeps(fd));
    close(fd);
}

static void counts_cpus(void **state)
{
    (void)state;
    assert_in_range(goc__thread_cpus(), 1, sysconf(_SC_NPROCESSORS_CONF));
}

static void knows_its_cpu(void **state)
{
    (void)state;
    cpu_set_t all;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET((size_t)cpu, &one);
        if (CPU_ISSET((size_t)cpu, &all) && sched_setaffinity(0, sizeof one, &one) == 0)
            assert_int_equal(goc__thread_cpu(), cpu);
    }
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

/* Dekker's first step in two threads: with a heavy barrier on one side and only a compiler barrier
 * on the other, the two never both miss the other's store. */
enum { ROUNDS = 3000, SPINS_MAX = 2000, LOOK_NS = 100000 };

static struct {
    _Alignas(128) uint32_t often;
    _Alignas(128) uint32_t seldom;
    _Alignas(128) uint32_t round;
    _Alignas(128) uint32_t seen_by_often;
    uint32_t done;
} dekker;

/* Spin, so that the two meet; but where there is no CPU for both, leave it to the other. */
static void wait_for(uint32_t *word, uint32_t round)
{
    for (int spins = 0; load_acquire(word) != round; spins++) {
        if (spins < SPINS_MAX)
            cpu_relax();
        else
            goc__futex_wait(word, round - 1, goc__clock_now() + LOOK_NS);
    }
}

static void *light_side(void *unused)
{
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        wait_for(&dekker.round, round);
        store_relaxed(&dekker.often, round);
        compiler_barrier();
        store_relaxed(&dekker.seen_by_often, load_relaxed(&dekker.seldom));
        store_release(&dekker.done, round);
    }
    return unused;
}

static void barrier_orders_both_sides(void **state)
{
    (void)state;
    goc__barrier_start();
    assert_int_equal(goc__thread_start(light_side, NULL), 0);
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        store_release(&dekker.round, round);
        store_relaxed(&dekker.seldom, round);
        goc__barrier_heavy();
        uint32_t seen = load_relaxed(&dekker.often);
        wait_for(&dekker.done, round);
        assert_true(seen == round || dekker.seen_by_often == round);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_who_sleeps),
        cmocka_unit_test(counts_cpus),
        cmocka_unit_test(knows_its_cpu),
        cmocka_unit_test(barrier_orders_both_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
