#include "../../bench.h"

#include <libmill.h>

static coroutine void skynet(chan out, int64_t number, int64_t size)
{
    int64_t sum = 0;
    if (size == 1) {
        chs(out, int64_t, number);
        return;
    }
    chan children = chmake(int64_t, 0);
    for (int i = 0; i < 10; i++)
        go(skynet(children, number + i * (size / 10), size / 10));
    for (int i = 0; i < 10; i++)
        sum += chr(children, int64_t);
    chclose(children);
    chs(out, int64_t, sum);
}

int main(int argc, char **argv)
{
    int64_t size = bench_argument(argc, argv, 1, 1000000);
    chan result = chmake(int64_t, 0);
    int64_t start = bench_now_ns();
    go(skynet(result, 0, size));
    if (chr(result, int64_t) != size * (size - 1) / 2)
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
}
