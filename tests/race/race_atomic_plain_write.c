/* An atomic read beside a plain write is a race; atomic_init is a plain write. */
#include "pair.h"

#include <stdatomic.h>

atomic_int shared;

static void first(void)
{
    atomic_init(&shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    CHECK_EQ(atomic_load(&shared), 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
