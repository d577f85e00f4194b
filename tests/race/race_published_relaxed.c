/* What is written to a local before its address leaves, by an order that orders nothing. */
#include "pair.h"

#include <stdatomic.h>

static int *_Atomic shared;

static void first(void)
{
    int local;
    local = 1; // CHECK-GOC-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&shared, &local, memory_order_relaxed);
    barrier_arrive(&step);
    barrier_await(&step, 2);
}

static void second(void)
{
    int *seen = atomic_load_explicit(&shared, memory_order_relaxed);
    CHECK_EQ(*seen, 1); // CHECK-GOC-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
}

int main(void)
{
    pair_run(pair_first, pair_second);
}
