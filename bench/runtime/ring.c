/* A token goes round a ring of 1,000 goroutines: what does a hop cost? */
#include "bench.h"

#include <goc.h>

static void pass(chan_recv_only(int) in, chan_send_only(int) out)
{
    chan_range(token, in) {
        chan_send(out, token + 1);
    }
}

int main(int argc, char **argv)
{
    enum { SIZE = 1000 };
    int rounds = bench_argument(argc, argv, 1, 2000);
    chan(int) links[SIZE];
    for (int i = 0; i < SIZE; i++)
        links[i] = chan_make(int, 0);
    for (int i = 0; i < SIZE - 1; i++)
        go pass(links[i], links[i + 1]);
    int64_t start = bench_now_ns();
    for (int i = 0; i < rounds; i++) {
        chan_send(links[0], 1);
        if (chan_recv(links[SIZE - 1]) != SIZE)
            abort();
    }
    bench_print_per_op(start, (int64_t)rounds * SIZE);
}
