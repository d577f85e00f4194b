/* What the creator does after pthread_create is unordered with the thread. */
#include "pair.h"

int shared;
static struct barrier created;

static void *run(void *unused)
{
    barrier_await(&created, 1);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    return unused;
}

static void first(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, run, NULL), 0);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&created);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void second(void) {}

int main(void)
{
    pair_in_order();
}
