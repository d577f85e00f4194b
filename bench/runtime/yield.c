/* Two goroutines yield to each other: what does a yield cost? */
#include "bench.h"

#include <goc.h>

static void yield_often(int times, goc_waitgroup *done)
{
    for (int i = 0; i < times; i++)
        goc_yield();
    goc_waitgroup_done(done);
}

int main(int argc, char **argv)
{
    int times = bench_argument(argc, argv, 1, 5000000);
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, 2);
    int64_t start = bench_now_ns();
    go yield_often(times, &done);
    go yield_often(times, &done);
    goc_waitgroup_wait(&done);
    bench_print_per_op(start, 2 * (int64_t)times);
}
