/* Release store, relaxed load and acquire fence (C17 7.17.4p3). */
// BEYOND TSAN: it reports false races around fences
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
    CHECK_EQ(atomic_load_explicit(&flag, memory_order_relaxed), 1);
    atomic_thread_fence(memory_order_seq_cst);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    pair_in_order();
}
