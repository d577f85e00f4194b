/* What does a select of N receiving arms cost: where one is ready (buffered channels that
 * the selecting goroutine fills itself), and where it must wait for a sender? */
#include "bench.h"

#include <goc.h>

enum { CHANNELS = 8 };

static int64_t select_2(chan(int) * c, int *v)
{
    chan_select {
        chan_case_recv(c[0], *v) {
            return 0;
        }
        chan_case_recv(c[1], *v) {
            return 1;
        }
    }
    return -1;
}

static int64_t select_8(chan(int) * c, int *v)
{
    chan_select {
        chan_case_recv(c[0], *v) {
            return 0;
        }
        chan_case_recv(c[1], *v) {
            return 1;
        }
        chan_case_recv(c[2], *v) {
            return 2;
        }
        chan_case_recv(c[3], *v) {
            return 3;
        }
        chan_case_recv(c[4], *v) {
            return 4;
        }
        chan_case_recv(c[5], *v) {
            return 5;
        }
        chan_case_recv(c[6], *v) {
            return 6;
        }
        chan_case_recv(c[7], *v) {
            return 7;
        }
    }
    return -1;
}

static void feed(chan(int) * c, int channels, int count)
{
    for (int i = 0; i < count; i++)
        chan_send(c[i % channels], i);
}

int main(int argc, char **argv)
{
    int channels = bench_argument(argc, argv, 1, 2);
    int blocking = bench_argument(argc, argv, 2, 0);
    int count = bench_argument(argc, argv, 3, 2000000);
    chan(int) c[CHANNELS];
    for (int i = 0; i < CHANNELS; i++)
        c[i] = chan_make(int, blocking ? 0 : 1);
    if (blocking)
        go feed(c, channels, count);
    int v = -1;
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++) {
        if (!blocking)
            chan_send(c[i % channels], i);
        if ((channels == 2 ? select_2(c, &v) : select_8(c, &v)) != i % channels || v != i)
            abort();
    }
    bench_print_per_op(start, count);
}
