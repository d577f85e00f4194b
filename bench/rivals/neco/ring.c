#include "../../bench.h"

#include <neco.h>

enum { SIZE = 1000 };

static void pass(int argc, void **argv)
{
    (void)argc;
    neco_chan *in = argv[0], *out = argv[1];
    int token;
    while (neco_chan_recv(in, &token) == NECO_OK) {
        token++;
        neco_chan_send(out, &token);
    }
}

static void measure(int argc, void **argv)
{
    int rounds = bench_argument(argc, (char **)argv, 1, 2000);
    neco_chan *links[SIZE];
    for (int i = 0; i < SIZE; i++)
        neco_chan_make(&links[i], sizeof(int), 0);
    for (int i = 0; i < SIZE - 1; i++)
        neco_start(pass, 2, links[i], links[i + 1]);
    int64_t start = bench_now_ns();
    for (int i = 0; i < rounds; i++) {
        int token = 1;
        neco_chan_send(links[0], &token);
        if (neco_chan_recv(links[SIZE - 1], &token) != NECO_OK || token != SIZE)
            abort();
    }
    bench_print_per_op(start, (int64_t)rounds * SIZE);
    exit(0);
}

int main(int argc, char **argv)
{
    neco_startv(measure, argc, (void **)argv);
}
