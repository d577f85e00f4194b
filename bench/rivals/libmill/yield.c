#include "../../bench.h"

#include <libmill.h>

static coroutine void yield_often(int times, chan done)
{
    for (int i = 0; i < times; i++)
        yield();
    chs(done, int, 0);
}

int main(int argc, char **argv)
{
    int times = bench_argument(argc, argv, 1, 5000000);
    chan done = chmake(int, 0);
    int64_t start = bench_now_ns();
    go(yield_often(times, done));
    go(yield_often(times, done));
    chr(done, int);
    chr(done, int);
    bench_print_per_op(start, 2 * (int64_t)times);
}
