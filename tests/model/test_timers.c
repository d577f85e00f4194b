/* Timers: each fires once or was stopped, never both; after a stop that says so, and after one
 * that says not, its memory may go. */
#include "base/atomic.h"
#include "model.h"
#include "sched/sched.h"
#include "sched/timers.h"

#include <stdlib.h>

void *goc__model_malloc(size_t size);
void goc__model_free(void *p);

struct alarm {
    struct timer timer;
    int rung; /* the heap's lock */
};

static struct alarm *alarm;
static uint32_t fired; // atomic

static void ring(struct timer *timer, int64_t now)
{
    struct alarm *a = (struct alarm *)(void *)timer;
    (void)now;
    a->rung++;
    fetch_add_relaxed(&fired, 1u);
}

static struct timers *heap(void)
{
    return &goc__sched.procs[0]->timers;
}

static void make(void)
{
    alarm = goc__model_malloc(sizeof *alarm);
    alarm->rung = 0;
    goc__timer_init(&alarm->timer, ring);
}

static void run_due(void *unused)
{
    (void)unused;
    goc__timers_run(heap(), 100);
}

static void stop_and_free(void *unused)
{
    (void)unused;
    bool stopped = goc__timer_stop(&alarm->timer);
    MODEL_CHECK(alarm->rung == (stopped ? 0 : 1));
    MODEL_CHECK(load_relaxed(&fired) == (stopped ? 0u : 1u));
    goc__model_free(alarm);
}

static void stop_against_fire(void)
{
    make();
    goc__timer_start(&alarm->timer, 50);
    model_thread(run_due, NULL);
    model_thread(stop_and_free, NULL);
    model_join();
}

static void two_run(void)
{
    make();
    goc__timer_start(&alarm->timer, 50);
    model_thread(run_due, NULL);
    model_thread(run_due, NULL);
    model_join();
    MODEL_CHECK(load_relaxed(&fired) == 1);
}

/* Its P goes out of use: the heap moves meanwhile. */
static struct timers other;

static void move(void *unused)
{
    (void)unused;
    goc__timers_move(heap(), &other);
}

static void start_there(void)
{
    goc__timers_init(&other);
    make();
    struct timers *first = heap();
    goc__timer_start(&alarm->timer, 50);
    goc__timers_move(&other, first);
}

static void stop_against_move(void)
{
    start_there();
    model_thread(move, NULL);
    model_thread(stop_and_free, NULL);
    model_join();
    MODEL_CHECK(load_relaxed(&fired) == 0);
}

int main(void)
{
    model_explore("timers: stop against fire", stop_against_fire, 3, 1);
    model_explore("timers: two run", two_run, 3, 1);
    model_explore("timers: stop against move", stop_against_move, 3, 1);
}
