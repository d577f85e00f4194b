/* counter.c cured by an atomic.  Relaxed is enough for the sum itself: no other memory
 * hangs on it, and the WaitGroup orders the increments before the read in main. */
#include <goc.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int counter;

static void count(int times, goc_waitgroup *done)
{
    for (int i = 0; i < times; i++)
        atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, 2);
    go count(1000, &done);
    go count(1000, &done);
    goc_waitgroup_wait(&done);
    printf("counter is %d\n", atomic_load(&counter));
}

// CHECK: counter is 2000
