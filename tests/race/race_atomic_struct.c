/* A relaxed atomic struct orders nothing, and reading it as plain memory races with it. */
// BEYOND TSAN: it does not see what libatomic does
#include "pair.h"

// FLAGS: -Wno-atomic-alignment
#include <stdatomic.h>
#include <string.h>

struct triple {
    long a, b, c;
};

int shared;
static _Atomic struct triple triple;

static void first(void)
{
    struct triple value = {1, 2, 3};
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&triple, value, memory_order_relaxed);
    // CHECK-DAG: .c:[[#@LINE-1]]:
}

static void second(void)
{
    struct triple seen = atomic_load_explicit(&triple, memory_order_acquire);
    CHECK_EQ(seen.c, 3);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
    long word;
    memcpy(&word, &triple, sizeof word); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(word, 1);
}

int main(void)
{
    pair_in_order();
}
