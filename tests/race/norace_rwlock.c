/* Writers order everybody; readers order a later writer. */
// BEYOND TSAN: it does not know pthread_rwlock_clockrdlock and its twin
#include "pair.h"

#include <time.h>

int shared;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

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
    pthread_rwlock_wrlock(&lock);
    shared++;
    pthread_rwlock_unlock(&lock);
    CHECK_EQ(pthread_rwlock_timedwrlock(&lock, &deadline), 0);
    shared++;
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_rdlock(&lock);
    CHECK_EQ(shared, 2);
    pthread_rwlock_unlock(&lock);
}

static void second(void)
{
    struct timespec deadline = in_a_minute(CLOCK_MONOTONIC);
    CHECK_EQ(pthread_rwlock_tryrdlock(&lock), 0);
    CHECK_EQ(shared, 2);
    pthread_rwlock_unlock(&lock);
    CHECK_EQ(pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &deadline), 0);
    shared++;
    pthread_rwlock_unlock(&lock);
    CHECK_EQ(pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &deadline), 0);
    CHECK_EQ(shared, 3);
    pthread_rwlock_unlock(&lock);
    CHECK_EQ(pthread_rwlock_trywrlock(&lock), 0);
    shared++;
    pthread_rwlock_unlock(&lock);
}

int main(void)
{
    pair_in_order();
}
