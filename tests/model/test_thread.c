/* How many threads could still wake a goroutine: none of them is left out, though those parked and
 * all cannot be counted at one moment. */
#include "base/atomic.h"
#include "model.h"
#include "sched/lock.h"
#include "sched/monitor.h"
#include "sched/park.h"
#include "sched/thread.h"

static struct lock lock;
static struct g *waiter; /* lock */
static bool posted;      /* lock */
static uint32_t ended;   // atomic, relaxed

static bool release(void *l)
{
    goc__unlock(l);
    return true;
}

static void post(void *unused)
{
    (void)unused;
    goc__lock(&lock);
    struct g *g = waiter;
    waiter = NULL;
    posted = true;
    goc__unlock(&lock);
    if (g != NULL)
        goc__ready(g, 0);
}

/* Makes the thread that will wake it, then waits. */
static void make_and_wait(void *unused)
{
    (void)unused;
    model_thread(post, NULL);
    goc__lock(&lock);
    if (posted) {
        goc__unlock(&lock);
    } else {
        waiter = goc__self();
        goc__park(release, &lock, WAIT_COND, NULL);
    }
    store_relaxed(&ended, 1u);
}

static void a_thread_made_before_a_park_counts(void)
{
    goc__self();
    model_thread(make_and_wait, NULL);
    if (goc__thread_others(1) <= 0)
        MODEL_CHECK(load_relaxed(&ended) == 1);
}

/* The monitor's thread is one of the runtime's own, and counts for no other. */
static void start_monitor(void *unused)
{
    (void)unused;
    goc__monitor_start();
    store_relaxed(&ended, 1u);
}

static void the_monitor_counts_for_itself(void)
{
    goc__self();
    model_thread(start_monitor, NULL);
    int ours = 1 + goc__monitor_threads();
    if (goc__thread_others(ours) <= 0)
        MODEL_CHECK(load_relaxed(&ended) == 1);
}

int main(void)
{
    model_explore("thread: made before a park", a_thread_made_before_a_park_counts, 3, 2);
    model_explore("thread: the monitor", the_monitor_counts_for_itself, 3, 2);
}
