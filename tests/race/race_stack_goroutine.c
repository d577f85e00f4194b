/* A variable on a goroutine's stack, which a goroutine that it started touches as well. */
// BEYOND TSAN: what is looked at is the name, which it has not
#include "barrier.h"

#include <goc.h>

static struct barrier step;

static void child(int *counter)
{
    ++*counter; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
}

static void parent(void)
{
    // CHECK-DAG: 'counter' of size 4 at {{.*}}.c:[[#@LINE+1]], on the stack of goroutine
    int counter = 0;
    go child(&counter);
    while (!barrier_reached(&step, 1))
        goc_yield();
    ++counter; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
}

// The chain of creation goes up to main:
// CHECK-DAG: was created by goroutine {{[0-9]+}} at:
// CHECK-DAG: was created by main goroutine at:
int main(void)
{
    go parent();
    while (!barrier_reached(&step, 2))
        goc_yield();
}
