/* An unlock that libc refuses, because another thread owns the mutex, orders nothing. */
#include "pair.h"

#include <errno.h>

int shared;
static pthread_mutex_t mutex = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static struct barrier refused;

static void first(void)
{
    barrier_await(&step, 1);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(pthread_mutex_unlock(&mutex), EPERM);
    barrier_arrive(&refused);
}

static void second(void)
{
    pthread_mutex_lock(&mutex);
    barrier_arrive(&step);
    barrier_await(&refused, 1);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_lock(&mutex);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    pair_at_once();
}
