#include "../../bench.h"

#include <neco.h>

static void nothing(int argc, void **argv)
{
    (void)argc, (void)argv;
}

static void measure(int argc, void **argv)
{
    int count = bench_argument(argc, (char **)argv, 1, 3000000);
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++)
        if (neco_start(nothing, 0) != NECO_OK)
            abort();
    bench_print_per_op(start, count);
    exit(0);
}

int main(int argc, char **argv)
{
    neco_startv(measure, argc, (void **)argv);
}
