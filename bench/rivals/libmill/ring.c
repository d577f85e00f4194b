#include "../../bench.h"

#include <libmill.h>

static coroutine void pass(chan in, chan out)
{
    for (;;) {
        int token = chr(in, int);
        chs(out, int, token + 1);
    }
}

int main(int argc, char **argv)
{
    enum { SIZE = 1000 };
    int rounds = bench_argument(argc, argv, 1, 2000);
    chan links[SIZE];
    for (int i = 0; i < SIZE; i++)
        links[i] = chmake(int, 0);
    for (int i = 0; i < SIZE - 1; i++)
        go(pass(links[i], links[i + 1]));
    int64_t start = bench_now_ns();
    for (int i = 0; i < rounds; i++) {
        chs(links[0], int, 1);
        if (chr(links[SIZE - 1], int) != SIZE)
            abort();
    }
    bench_print_per_op(start, (int64_t)rounds * SIZE);
}
