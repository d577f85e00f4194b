#include "../../bench.h"

#include <libdill.h>

static coroutine void pong(int end)
{
    int v;
    while (chrecv(end, &v, sizeof v, -1) == 0)
        if (chsend(end, &v, sizeof v, -1) != 0)
            abort();
}

int main(int argc, char **argv)
{
    int rounds = bench_argument(argc, argv, 1, 2000000);
    int ends[2]; /* a libdill channel has two directions */
    if (chmake(ends) != 0 || dill_go(pong(ends[1])) < 0)
        abort();
    int64_t start = bench_now_ns();
    for (int i = 0; i < rounds; i++) {
        int v;
        if (chsend(ends[0], &i, sizeof i, -1) != 0 ||
            chrecv(ends[0], &v, sizeof v, -1) != 0 || v != i)
            abort();
    }
    bench_print_per_op(start, rounds);
}
