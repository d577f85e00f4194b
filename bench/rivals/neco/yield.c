#include "../../bench.h"

#include <neco.h>

static void yield_often(int argc, void **argv)
{
    (void)argc;
    int times = *(int *)argv[0];
    for (int i = 0; i < times; i++)
        neco_yield();
    neco_waitgroup_done(argv[1]);
}

static void measure(int argc, void **argv)
{
    int times = bench_argument(argc, (char **)argv, 1, 5000000);
    neco_waitgroup done = NECO_WAITGROUP_INITIALIZER;
    neco_waitgroup_add(&done, 2);
    int64_t start = bench_now_ns();
    neco_start(yield_often, 2, &times, &done);
    neco_start(yield_often, 2, &times, &done);
    neco_waitgroup_wait(&done);
    bench_print_per_op(start, 2 * (int64_t)times);
    exit(0);
}

int main(int argc, char **argv)
{
    neco_startv(measure, argc, (void **)argv);
}
