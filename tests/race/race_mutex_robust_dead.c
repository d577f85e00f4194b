/* A mutex taken from a dead owner does not order what the dead did since its last unlock. */
#include "pair.h"

#include <errno.h>

int shared;
static pthread_mutex_t mutex;

static void first(void)
{
    pthread_mutex_lock(&mutex);
    shared = 1;
    pthread_mutex_unlock(&mutex);
    pthread_mutex_lock(&mutex);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    pthread_exit(NULL);
}

static void second(void)
{
    barrier_await(&step, 1);
    CHECK_EQ(pthread_mutex_lock(&mutex), EOWNERDEAD);
    shared = 3; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(pthread_mutex_consistent(&mutex), 0);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex, &attributes);
    pair_at_once();
    CHECK_EQ(shared, 3);
}
