#include "../../bench.h"

#include <libdill.h>

static coroutine void yield_often(int times)
{
    for (int i = 0; i < times; i++)
        yield();
}

int main(int argc, char **argv)
{
    int times = bench_argument(argc, argv, 1, 5000000);
    int both = bundle();
    int64_t start = bench_now_ns();
    if (bundle_go(both, yield_often(times)) != 0 ||
        bundle_go(both, yield_often(times)) != 0 || bundle_wait(both, -1) != 0)
        abort();
    bench_print_per_op(start, 2 * (int64_t)times);
}
