/* A compare-exchange that fails acquires by its failure order. */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;

static void first(void)
{
    shared = 1;
    atomic_store_explicit(&flag, 5, memory_order_release);
}

static void second(void)
{
    int expected = 0;
    CHECK(!atomic_compare_exchange_strong_explicit(
        &flag, &expected, 1, memory_order_relaxed, memory_order_acquire));
    CHECK_EQ(expected, 5);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    pair_in_order();
}
