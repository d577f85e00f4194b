/* Another thread's relaxed store ends a release sequence: who reads that store is not behind
 * the release before it. */
// BEYOND TSAN: it takes any later store for a part of the release sequence
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;

static void *overwrite(void *unused)
{
    barrier_await(&step, 1);
    atomic_store_explicit(&flag, 2, memory_order_relaxed);
    barrier_arrive(&step);
    return unused;
}

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&flag, 1, memory_order_release);
}

static void second(void)
{
    barrier_await(&step, 2);
    CHECK_EQ(atomic_load_explicit(&flag, memory_order_acquire), 2);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pthread_t writer;
    CHECK_EQ(pthread_create(&writer, NULL, overwrite, NULL), 0);
    pair_at_once();
    CHECK_EQ(pthread_join(writer, NULL), 0);
}
