/* An acquire fence before the load comes too early for it. */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
}

static void second(void)
{
    atomic_thread_fence(memory_order_acquire);
    CHECK_EQ(atomic_load_explicit(&flag, memory_order_relaxed), 1);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
