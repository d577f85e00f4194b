/* Fences order by atomic structs as by other atomics, and what read one goes on with its release
 * sequence; libatomic keeps them under locks. */
#include "pair.h"

// BEYOND TSAN: it does not see what libatomic does
// FLAGS: -Wno-atomic-alignment
#include <stdatomic.h>

struct triple {
    long a, b, c;
};

int shared[2];
static _Atomic struct triple fenced;
static _Atomic struct triple exchanged;

static void first(void)
{
    struct triple value = {1, 2, 3};
    shared[0] = 1;
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&fenced, value, memory_order_relaxed);
    shared[1] = 1;
    atomic_store_explicit(&exchanged, value, memory_order_release);
    (void)atomic_exchange_explicit(&exchanged, value, memory_order_relaxed);
}

static void second(void)
{
    struct triple seen = atomic_load_explicit(&fenced, memory_order_relaxed);
    CHECK_EQ(seen.c, 3);
    atomic_thread_fence(memory_order_acquire);
    CHECK_EQ(shared[0], 1);
    seen = atomic_load_explicit(&exchanged, memory_order_acquire);
    CHECK_EQ(seen.c, 3);
    CHECK_EQ(shared[1], 1);
}

int main(void)
{
    pair_in_order();
}
