/* A compare-exchange that fails has its failure order only, and releases nothing. */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&flag, 5, memory_order_release);
}

static void second(void)
{
    int expected = 0;
    CHECK(!atomic_compare_exchange_strong_explicit(
        &flag, &expected, 1, memory_order_acq_rel, memory_order_relaxed));
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
