#include "../../bench.h"

#include <libmill.h>

enum { CHANNELS = 8 };

/* An arm of choose, which libmill writes as a label: it closes the one before it. */
#define ARM(i)                                                                           \
    in(c[i], int, got##i) : *v = got##i;                                                 \
    which = i;

static int select_2(chan *c, int *v)
{
    int which = -1;
    choose
    {
        ARM(0) ARM(1) end
    }
    return which;
}

static int select_8(chan *c, int *v)
{
    int which = -1;
    choose
    {
        ARM(0) ARM(1) ARM(2) ARM(3) ARM(4) ARM(5) ARM(6) ARM(7) end
    }
    return which;
}

static coroutine void feed(chan *c, int channels, int count)
{
    for (int i = 0; i < count; i++)
        chs(c[i % channels], int, i);
}

int main(int argc, char **argv)
{
    int channels = bench_argument(argc, argv, 1, 2);
    int blocking = bench_argument(argc, argv, 2, 0);
    int count = bench_argument(argc, argv, 3, 2000000);
    chan c[CHANNELS];
    for (int i = 0; i < CHANNELS; i++)
        c[i] = chmake(int, blocking ? 0 : 1);
    if (blocking)
        go(feed(c, channels, count));
    int v = -1;
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++) {
        if (!blocking)
            chs(c[i % channels], int, i);
        if ((channels == 2 ? select_2(c, &v) : select_8(c, &v)) != i % channels || v != i)
            abort();
    }
    bench_print_per_op(start, count);
}
