/* Nothing orders the end of a detached thread before anybody. */
#include "pair.h"

int shared;

static void *run(void *unused)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    return unused;
}

static void first(void) {}

static void second(void) {}

int main(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, run, NULL), 0);
    CHECK_EQ(pthread_detach(thread), 0);
    barrier_await(&step, 1);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    (void)first, (void)second;
}
