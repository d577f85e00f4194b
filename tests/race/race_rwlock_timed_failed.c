/* Timed locks that give up order nothing. */
#include "pair.h"

#include <errno.h>
#include <time.h>

int shared;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct barrier tried;

static void first(void)
{
    pthread_rwlock_wrlock(&lock);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    barrier_await(&tried, 1);
    pthread_rwlock_unlock(&lock);
}

static void second(void)
{
    struct timespec past = {0, 0};
    barrier_await(&step, 1);
    CHECK_EQ(pthread_rwlock_timedrdlock(&lock, &past), ETIMEDOUT);
    CHECK_EQ(pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &past), ETIMEDOUT);
    CHECK_EQ(pthread_rwlock_tryrdlock(&lock), EBUSY);
    CHECK_EQ(pthread_rwlock_trywrlock(&lock), EBUSY);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&tried);
}

int main(void)
{
    pair_at_once();
}
