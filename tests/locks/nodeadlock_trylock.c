/* Who tries, or waits for a time, does not wait for ever. */
#include "pair.h"

#include <time.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void first(void)
{
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    pthread_rwlock_wrlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
}

static void second(void)
{
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_sec += 60;
    pthread_rwlock_rdlock(&rwlock);
    CHECK_EQ(pthread_mutex_trylock(&b), 0);
    CHECK_EQ(pthread_mutex_timedlock(&a, &soon), 0);
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
    pthread_rwlock_unlock(&rwlock);
}

int main(void)
{
    pair_in_order();
}
