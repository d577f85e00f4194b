/* A trylock that does not get the mutex orders nothing. */
#include "pair.h"

#include <errno.h>

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct barrier tried;

static void first(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_lock(&mutex);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    barrier_await(&tried, 1);
    pthread_mutex_unlock(&mutex);
}

static void second(void)
{
    barrier_await(&step, 1);
    CHECK_EQ(pthread_mutex_trylock(&mutex), EBUSY);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&tried);
}

int main(void)
{
    pair_at_once();
}
