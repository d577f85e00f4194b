/* An acquire load of what was stored relaxed orders nothing. */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
}

static void second(void)
{
    CHECK_EQ(atomic_load_explicit(&flag, memory_order_acquire), 1);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
