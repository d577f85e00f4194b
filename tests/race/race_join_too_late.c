/* Reading a thread's result before joining it. */
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
    barrier_await(&step, 1);
    int seen = shared; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(seen, 1);
    (void)first, (void)second;
}
