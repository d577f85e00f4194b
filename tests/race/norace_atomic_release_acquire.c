/* A release store is before an acquire load that reads it (C17 5.1.2.4). */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;

static void first(void)
{
    shared = 1;
    atomic_store_explicit(&flag, 1, memory_order_release);
}

static void second(void)
{
    CHECK_EQ(atomic_load_explicit(&flag, memory_order_acquire), 1);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    pair_in_order();
}
