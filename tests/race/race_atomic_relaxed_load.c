/* A relaxed load of what was stored with release orders nothing. */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&flag, 1, memory_order_release);
}

static void second(void)
{
    CHECK_EQ(atomic_load_explicit(&flag, memory_order_relaxed), 1);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
