/* An owner's death orders nobody who does not take the mutex from it. */
#include "pair.h"

int shared;
static pthread_mutex_t mutexes[2];

static void first(void)
{
    pthread_mutex_lock(&mutexes[0]);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    pthread_exit(NULL);
}

static void second(void)
{
    barrier_await(&step, 1);
    CHECK_EQ(pthread_mutex_lock(&mutexes[1]), 0);
    shared = 3; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&mutexes[1]);
}

int main(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    for (int i = 0; i < 2; i++)
        pthread_mutex_init(&mutexes[i], &attributes);
    pair_at_once();
}
