/* A lock made of an atomic_flag. */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_flag taken = ATOMIC_FLAG_INIT;

static void first(void)
{
    for (int i = 0; i < 100; i++) {
        while (atomic_flag_test_and_set_explicit(&taken, memory_order_acquire))
            ;
        shared++;
        atomic_flag_clear_explicit(&taken, memory_order_release);
    }
}

static void second(void)
{
    first();
}

int main(void)
{
    pair_at_once();
    CHECK_EQ(shared, 200);
}
