/* A failed compare-exchange with a releasing success order has released nothing. */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag = 5;

static void first(void)
{
    int expected = 0;
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK(!atomic_compare_exchange_strong(&flag, &expected, 1));
}

static void second(void)
{
    CHECK_EQ(atomic_load(&flag), 5);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
