/* What does an element cost through a channel that buffers 100, K senders to K receivers? */
#include "bench.h"

#include <goc.h>

static void produce(chan_send_only(int) out, int count, goc_waitgroup *sent)
{
    for (int i = 0; i < count; i++)
        chan_send(out, i);
    goc_waitgroup_done(sent);
}

static void consume(chan_recv_only(int) in, goc_waitgroup *received)
{
    long sum = 0;
    chan_range(v, in) {
        sum += v;
    }
    if (sum < 0)
        abort();
    goc_waitgroup_done(received);
}

int main(int argc, char **argv)
{
    int parties = bench_argument(argc, argv, 1, 1);
    int count = bench_argument(argc, argv, 2, 8000000) / parties;
    chan(int) c = chan_make(int, 100);
    goc_waitgroup sent = {0}, received = {0};
    goc_waitgroup_add(&sent, parties);
    goc_waitgroup_add(&received, parties);
    int64_t start = bench_now_ns();
    for (int i = 0; i < parties; i++) {
        go consume(c, &received);
        go produce(c, count, &sent);
    }
    goc_waitgroup_wait(&sent);
    chan_close(c);
    goc_waitgroup_wait(&received);
    bench_print_per_op(start, (int64_t)count * parties);
}
