/* A timed lock that gives up orders nothing. */
#include "pair.h"

#include <errno.h>
#include <time.h>

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct barrier tried;

static void first(void)
{
    pthread_mutex_lock(&mutex);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    barrier_await(&tried, 1);
    pthread_mutex_unlock(&mutex);
}

static void second(void)
{
    struct timespec past = {0, 0};
    barrier_await(&step, 1);
    CHECK_EQ(pthread_mutex_timedlock(&mutex, &past), ETIMEDOUT);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&tried);
}

int main(void)
{
    pair_at_once();
}
