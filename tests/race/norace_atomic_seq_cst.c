/* The default order is acquire and release at once; consume is taken as acquire. */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;
static _Atomic(int *) pointer;

static void first(void)
{
    shared = 1;
    flag = 1;
    atomic_store(&pointer, &shared);
}

static void second(void)
{
    int *p = atomic_load_explicit(&pointer, memory_order_consume);
    CHECK_EQ(*p, 1);
    CHECK_EQ(flag, 1);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    pair_in_order();
}
