/* The locks inside libatomic order nobody, and a relaxed store of another thread ends the release
 * sequence of an atomic struct. */
// BEYOND TSAN: it takes libatomic's locks for the program's
#include "pair.h"

// FLAGS: -Wno-atomic-alignment -Wl,--no-as-needed -latomic
#include <stdatomic.h>

struct triple {
    long a, b, c;
};

int shared[2];
static _Atomic struct triple relaxed;
static _Atomic struct triple broken;

static void first(void)
{
    struct triple value = {1, 2, 3};
    shared[0] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&relaxed, value, memory_order_relaxed);
    shared[1] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&broken, value, memory_order_release);
}

static void second(void)
{
    struct triple seen = atomic_load_explicit(&relaxed, memory_order_relaxed);
    CHECK_EQ(seen.c, 3);
    shared[0] = 2; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&broken, seen, memory_order_relaxed);
    seen = atomic_load_explicit(&broken, memory_order_acquire);
    shared[1] = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
