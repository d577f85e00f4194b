/* A plain read beside an atomic write is a race. */
#include "pair.h"

#include <stdatomic.h>

atomic_int shared;

static void first(void)
{
    atomic_store(&shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    CHECK_EQ(*(int *)&shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
