/* How many bytes of resident memory does a parked goroutine take?  With 1 as the second argument,
 * of which the compiler knows how much stack it needs. */
#include "resident.h"

#include <goc.h>

static void wait_for(chan_recv_only(bool) gate, goc_waitgroup *parked)
{
    goc_waitgroup_done(parked);
    chan_recv(gate);
}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 1000000);
    chan(bool) gate = chan_make(bool, 0);
    goc_waitgroup parked = {0};
    goc_waitgroup_add(&parked, count);
    long before = resident_bytes();
    if (bench_argument(argc, argv, 2, 0) != 0) {
        for (int i = 0; i < count; i++)
            go wait_for(gate, &parked);
    } else {
        void (*unknown)(chan_recv_only(bool), goc_waitgroup *) = wait_for;
        __asm__ volatile("" : "+r"(unknown));
        for (int i = 0; i < count; i++)
            go unknown(gate, &parked);
    }
    goc_waitgroup_wait(&parked);
    goc_sleep(10 * GOC_MILLISECOND);
    bench_print((double)(resident_bytes() - before) / count);
}
