/* How long is a round trip between two goroutines over unbuffered channels? */
#include "bench.h"

#include <goc.h>

static void pong(chan_recv_only(int) in, chan_send_only(int) out)
{
    chan_range(v, in) {
        chan_send(out, v);
    }
    chan_close(out);
}

int main(int argc, char **argv)
{
    int rounds = bench_argument(argc, argv, 1, 2000000);
    chan(int) there = chan_make(int, 0);
    chan(int) back = chan_make(int, 0);
    go pong(there, back);
    int64_t start = bench_now_ns();
    for (int i = 0; i < rounds; i++) {
        chan_send(there, i);
        if (chan_recv(back) != i)
            abort();
    }
    bench_print_per_op(start, rounds);
}
