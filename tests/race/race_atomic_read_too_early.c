/* An acquire load that reads the value from before the release orders nothing. */
#include "pair.h"

#include <stdatomic.h>

int shared;
static atomic_int flag;
static struct barrier loaded;

static void first(void)
{
    barrier_await(&loaded, 1);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    atomic_store_explicit(&flag, 1, memory_order_release);
}

static void second(void)
{
    CHECK_EQ(atomic_load_explicit(&flag, memory_order_acquire), 0);
    barrier_arrive(&loaded);
    barrier_await(&step, 1);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_at_once();
}
