#include "../../bench.h"

#include <libmill.h>

static coroutine void pong(chan there, chan back)
{
    for (;;) {
        int v = chr(there, int);
        chs(back, int, v);
    }
}

int main(int argc, char **argv)
{
    int rounds = bench_argument(argc, argv, 1, 2000000);
    chan there = chmake(int, 0);
    chan back = chmake(int, 0);
    go(pong(there, back));
    int64_t start = bench_now_ns();
    for (int i = 0; i < rounds; i++) {
        chs(there, int, i);
        if (chr(back, int) != i)
            abort();
    }
    bench_print_per_op(start, rounds);
}
