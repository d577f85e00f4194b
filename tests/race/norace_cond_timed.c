/* Timed waits take the mutex again also when they give up. */
#include "pair.h"

#include <errno.h>
#include <time.h>

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void first(void)
{
    struct timespec past = {0, 0};
    pthread_mutex_lock(&mutex);
    shared++;
    CHECK_EQ(pthread_cond_timedwait(&condition, &mutex, &past), ETIMEDOUT);
    shared++;
    CHECK_EQ(pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &past),
             ETIMEDOUT);
    shared++;
    pthread_mutex_unlock(&mutex);
}

static void second(void)
{
    first();
}

int main(void)
{
    pair_in_order();
    CHECK_EQ(shared, 6);
}
