/* An mtx_trylock that finds the mutex busy orders nothing, nor does a timed lock that gives
 * up. */
#include "pair.h"

#include <threads.h>
#include <time.h>

int shared;
static mtx_t mutex;
static struct barrier tried;

static void first(void)
{
    mtx_lock(&mutex);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    barrier_await(&tried, 1);
    mtx_unlock(&mutex);
}

static void second(void)
{
    struct timespec past = {0, 0};
    barrier_await(&step, 1);
    CHECK_EQ(mtx_trylock(&mutex), thrd_busy);
    CHECK_EQ(mtx_timedlock(&mutex, &past), thrd_timedout);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&tried);
}

int main(void)
{
    CHECK_EQ(mtx_init(&mutex, mtx_timed), thrd_success);
    pair_at_once();
}
