/* A barrier does not order what its parties do behind it. */
#include "pair.h"

int shared;
static pthread_barrier_t barrier;

static void first(void)
{
    pthread_barrier_wait(&barrier);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    pthread_barrier_wait(&barrier);
    barrier_await(&step, 1);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    CHECK_EQ(pthread_barrier_init(&barrier, NULL, 2), 0);
    pair_at_once();
}
