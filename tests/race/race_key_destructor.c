/* Destructors of thread-specific data still run as their thread. */
#include "pair.h"

int shared;
static pthread_key_t key;

static void destroy(void *value)
{
    shared = *(int *)value; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
}

static void *run(void *value)
{
    CHECK_EQ(pthread_setspecific(key, value), 0);
    return NULL;
}

static void first(void) {}

static void second(void) {}

int main(void)
{
    pthread_t thread;
    int value = 5;
    CHECK_EQ(pthread_key_create(&key, destroy), 0);
    CHECK_EQ(pthread_create(&thread, NULL, run, &value), 0);
    barrier_await(&step, 1);
    shared = 6; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(pthread_join(thread, NULL), 0);
    (void)first, (void)second;
}
