/* The timed locks that get the mutex order like a lock. */
#include "pair.h"

#include <time.h>

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static struct timespec in_a_minute(clockid_t clock)
{
    struct timespec deadline;
    clock_gettime(clock, &deadline);
    deadline.tv_sec += 60;
    return deadline;
}

static void first(void)
{
    struct timespec deadline = in_a_minute(CLOCK_REALTIME);
    CHECK_EQ(pthread_mutex_timedlock(&mutex, &deadline), 0);
    shared++;
    pthread_mutex_unlock(&mutex);
}

static void second(void)
{
    struct timespec deadline = in_a_minute(CLOCK_MONOTONIC);
    CHECK_EQ(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &deadline), 0);
    shared++;
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    pair_in_order();
}
