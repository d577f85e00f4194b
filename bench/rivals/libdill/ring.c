#include "../../bench.h"

#include <libdill.h>

static coroutine void pass(int in, int out)
{
    int token;
    while (chrecv(in, &token, sizeof token, -1) == 0) {
        token++;
        if (chsend(out, &token, sizeof token, -1) != 0)
            abort();
    }
}

int main(int argc, char **argv)
{
    enum { SIZE = 1000 };
    int rounds = bench_argument(argc, argv, 1, 2000);
    int links[SIZE][2];
    for (int i = 0; i < SIZE; i++)
        if (chmake(links[i]) != 0)
            abort();
    for (int i = 0; i < SIZE - 1; i++)
        if (dill_go(pass(links[i][1], links[i + 1][0])) < 0)
            abort();
    int64_t start = bench_now_ns();
    for (int i = 0; i < rounds; i++) {
        int token = 1;
        if (chsend(links[0][0], &token, sizeof token, -1) != 0 ||
            chrecv(links[SIZE - 1][1], &token, sizeof token, -1) != 0 || token != SIZE)
            abort();
    }
    bench_print_per_op(start, (int64_t)rounds * SIZE);
}
