/* Fences order through an atomic object only: acquire fences on both sides are nothing, and
 * so is a release fence without a store behind it. */
#include "pair.h"

#include <stdatomic.h>

int shared;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_thread_fence(memory_order_seq_cst);
}

static void second(void)
{
    atomic_thread_fence(memory_order_seq_cst);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
