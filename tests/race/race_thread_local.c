/* A thread-local variable that another thread has a pointer to has a name, and a thread whose it
 * is. */
#include "pair.h"

#include <stdatomic.h>

struct counts {
    long all;
    struct {
        int seen;
        int lost;
    } kinds[4];
};

_Thread_local char before[100];
// CHECK-GOC-DAG: Location is thread-local variable 'own.kinds[2].lost' in 'own' of size 40 at {{.*}}.c:[[#@LINE+1]], of thread {{[0-9]+}}
_Thread_local struct counts own;

static _Atomic(struct counts *) escaped;

static void first(void)
{
    before[0] = 1;
    struct counts *counts = &own;
    atomic_store_explicit(&escaped, counts, memory_order_relaxed);
    counts->kinds[2].lost = 1; // CHECK-GOC-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    barrier_await(&step, 2);
}

static void second(void)
{
    struct counts *counts = atomic_load_explicit(&escaped, memory_order_relaxed);
    counts->kinds[2].lost = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
}

int main(void)
{
    pair_in_order();
}
