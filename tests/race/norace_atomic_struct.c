/* Atomic structs, which libatomic keeps under locks, order by their orders as well. */
#include "pair.h"

// BEYOND TSAN: it does not see what libatomic does
// FLAGS: -Wno-atomic-alignment
#include <stdatomic.h>

struct triple {
    long a, b, c;
};

int shared;
static _Atomic struct triple triple;

static void first(void)
{
    struct triple value = {1, 2, 3};
    shared = 1;
    atomic_store_explicit(&triple, value, memory_order_release);
}

static void second(void)
{
    struct triple wanted = {1, 2, 3};
    struct triple next = {4, 5, 6};
    struct triple seen = atomic_load_explicit(&triple, memory_order_acquire);
    CHECK_EQ(seen.c, 3);
    CHECK_EQ(shared, 1);
    CHECK(atomic_compare_exchange_strong(&triple, &wanted, next));
    CHECK(!atomic_compare_exchange_strong(&triple, &wanted, next));
    CHECK_EQ(wanted.a, 4);
    seen = atomic_exchange(&triple, wanted);
    CHECK_EQ(seen.b, 5);
}

int main(void)
{
    pair_in_order();
}
