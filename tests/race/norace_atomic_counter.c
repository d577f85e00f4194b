/* Atomics on both sides never race with each other, whatever their order. */
#include "pair.h"

#include <stdatomic.h>

static atomic_int counter;

static void first(void)
{
    for (int i = 0; i < 1000; i++)
        atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
}

static void second(void)
{
    first();
}

int main(void)
{
    pair_at_once();
    CHECK_EQ(counter, 2000);
}
