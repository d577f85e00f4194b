/* A relaxed read-modify-write carries a sequence on, but adds nothing of its own. */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;

static void *carry(void *unused)
{
    barrier_await(&step, 1);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(atomic_fetch_add_explicit(&flag, 1, memory_order_relaxed), 1);
    barrier_arrive(&step);
    return unused;
}

static void first(void)
{
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
    pthread_t carrier;
    CHECK_EQ(pthread_create(&carrier, NULL, carry, NULL), 0);
    pair_at_once();
    CHECK_EQ(pthread_join(carrier, NULL), 0);
}
