/* What does a once cost that has long been done? */
#include "bench.h"

#include <goc.h>

static int calls;

static void first(void)
{
    calls++;
}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 100000000);
    static goc_once once;
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++)
        goc_once_do(&once, first);
    if (calls != 1)
        abort();
    bench_print_per_op(start, count);
}
