/* Relaxed on any width orders nothing. */
// BEYOND TSAN: it does not see what libatomic does
#include "pair.h"

#include <stdatomic.h>

int shared[4];
static _Atomic unsigned char bits8;
static _Atomic unsigned __int128 bits128;
static _Atomic double real;
static int maximum;

static void first(void)
{
    shared[0] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_fetch_or_explicit(&bits8, 1, memory_order_relaxed);
    shared[1] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_fetch_add_explicit(&bits128, 1, memory_order_relaxed);
    shared[2] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&real, 1.5, memory_order_relaxed);
    shared[3] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    __atomic_fetch_max(&maximum, 3, __ATOMIC_RELAXED);
}

static void second(void)
{
    CHECK_EQ(atomic_load_explicit(&bits8, memory_order_acquire), 1);
    CHECK_EQ(shared[0], 1); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ((int)atomic_load(&bits128), 1);
    CHECK_EQ(shared[1], 1); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK(real == 1.5);
    CHECK_EQ(shared[2], 1); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(__atomic_load_n(&maximum, __ATOMIC_ACQUIRE), 3);
    CHECK_EQ(shared[3], 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
