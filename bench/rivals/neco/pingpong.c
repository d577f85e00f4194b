#include "../../bench.h"

#include <neco.h>

static void pong(int argc, void **argv)
{
    (void)argc;
    neco_chan *there = argv[0], *back = argv[1];
    int v;
    while (neco_chan_recv(there, &v) == NECO_OK)
        neco_chan_send(back, &v);
}

static void measure(int argc, void **argv)
{
    int rounds = bench_argument(argc, (char **)argv, 1, 2000000);
    neco_chan *there, *back;
    neco_chan_make(&there, sizeof(int), 0);
    neco_chan_make(&back, sizeof(int), 0);
    neco_start(pong, 2, there, back);
    int64_t start = bench_now_ns();
    for (int i = 0; i < rounds; i++) {
        int v;
        neco_chan_send(there, &i);
        if (neco_chan_recv(back, &v) != NECO_OK || v != i)
            abort();
    }
    bench_print_per_op(start, rounds);
    exit(0);
}

int main(int argc, char **argv)
{
    neco_startv(measure, argc, (void **)argv);
}
