/* Only where it must wait: a libdill channel buffers nothing. */
#include "../../bench.h"

#include <libdill.h>

enum { CHANNELS = 8 };

static coroutine void feed(int (*c)[2], int channels, int count)
{
    for (int i = 0; i < count; i++)
        if (chsend(c[i % channels][0], &i, sizeof i, -1) != 0)
            abort();
}

int main(int argc, char **argv)
{
    int channels = bench_argument(argc, argv, 1, 2);
    int count = bench_argument(argc, argv, 3, 2000000);
    int c[CHANNELS][2];
    struct chclause clauses[CHANNELS];
    int v = -1;
    for (int i = 0; i < CHANNELS; i++) {
        if (chmake(c[i]) != 0)
            abort();
        clauses[i] = (struct chclause){CHRECV, c[i][1], &v, sizeof v};
    }
    if (dill_go(feed(c, channels, count)) < 0)
        abort();
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++)
        if (choose(clauses, channels, -1) != i % channels || v != i)
            abort();
    bench_print_per_op(start, count);
}
