#include "../../bench.h"

#include <libmill.h>

static coroutine void produce(chan out, int count)
{
    for (int i = 0; i < count; i++)
        chs(out, int, i);
    chdone(out, int, -1);
}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 2, 8000000);
    chan c = chmake(int, 100);
    long sum = 0;
    int64_t start = bench_now_ns();
    go(produce(c, count));
    for (int v; (v = chr(c, int)) != -1;)
        sum += v;
    if (sum != (long)count * (count - 1) / 2)
        abort();
    bench_print_per_op(start, count);
}
