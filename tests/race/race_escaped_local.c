/* A local variable whose address another thread has; the report says whose stack it is. */
// BEYOND TSAN: it reports only one of the two
#include "pair.h"

int *published;
static struct barrier written;

static void first(void)
{
    volatile int local = 7;    // CHECK-DAG: .c:[[#@LINE]]:
    published = (int *)&local; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    barrier_await(&written, 1);
}

static void second(void)
{
    barrier_await(&step, 1);
    int *theirs = published; // CHECK-DAG: .c:[[#@LINE]]:
    *theirs = 5;             // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&written);
}

int main(void)
{
    pair_at_once();
}

// CHECK-DAG: {{Location is .*stack}}
