/* Who takes a mutex from a dead owner comes after all that the dead did: it is to mend what the
 * mutex guards. */
// BEYOND TSAN: it sees no order in an owner's death
#include "pair.h"

#include <errno.h>

int shared[2];
static pthread_mutex_t mutexes[2];

static void first(void)
{
    pthread_mutex_lock(&mutexes[0]);
    pthread_mutex_lock(&mutexes[1]);
    shared[1] = 1;
    pthread_mutex_unlock(&mutexes[1]);
    pthread_mutex_lock(&mutexes[1]);
    shared[0] = 2;
    shared[1] = 2;
    barrier_arrive(&step);
    pthread_exit(NULL);
}

static void second(void)
{
    barrier_await(&step, 1);
    CHECK_EQ(pthread_mutex_lock(&mutexes[0]), EOWNERDEAD);
    shared[0] = 3;
    CHECK_EQ(pthread_mutex_consistent(&mutexes[0]), 0);
    pthread_mutex_unlock(&mutexes[0]);
    barrier_arrive(&step);
}

static void *third(void *unused)
{
    barrier_await(&step, 2);
    CHECK_EQ(pthread_mutex_trylock(&mutexes[1]), EOWNERDEAD);
    CHECK_EQ(shared[1], 2);
    return unused;
}

int main(void)
{
    pthread_mutexattr_t attributes;
    pthread_t thread;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    for (int i = 0; i < 2; i++)
        pthread_mutex_init(&mutexes[i], &attributes);
    CHECK_EQ(pthread_create(&thread, NULL, third, NULL), 0);
    pair_at_once();
    CHECK_EQ(pthread_join(thread, NULL), 0);
}
