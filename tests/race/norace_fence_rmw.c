/* A relaxed read-modify-write behind a release fence heads a sequence. */
// BEYOND TSAN: it reports false races around fences
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;

static void first(void)
{
    shared = 1;
    atomic_thread_fence(memory_order_release);
    atomic_fetch_add_explicit(&flag, 1, memory_order_relaxed);
}

static void second(void)
{
    CHECK_EQ(atomic_fetch_add_explicit(&flag, 1, memory_order_acquire), 1);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    pair_in_order();
}
