/* sched/lock.c over the futex: mutual exclusion, no wake-up lost, and what one holder wrote the
 * next one sees. */
#include "model.h"
#include "sched/lock.h"

static struct lock lock;
static int owners; /* lock: plain, so that any two holders at once are a race */
static int total;  /* lock */

static void hold_once(void *unused)
{
    (void)unused;
    goc__lock(&lock);
    MODEL_CHECK(owners++ == 0);
    total++;
    MODEL_CHECK(--owners == 0);
    goc__unlock(&lock);
}

static void hold_twice(void *unused)
{
    hold_once(unused);
    hold_once(unused);
}

static void two_tasks_twice(void)
{
    model_thread(hold_twice, NULL);
    model_thread(hold_twice, NULL);
    model_join();
    MODEL_CHECK(total == 4);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void three_tasks(void)
{
    model_thread(hold_once, NULL);
    model_thread(hold_once, NULL);
    model_thread(hold_once, NULL);
    model_join();
    MODEL_CHECK(total == 3);
}

int main(void)
{
    model_explore("lock: two tasks, twice", two_tasks_twice, 3, 1);
    model_explore("lock: three tasks", three_tasks, 2, 0);
    model_random("lock: three tasks", three_tasks, 4, 2000);
}
