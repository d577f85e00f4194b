/* Skynet: a tree of goroutines, ten children each, a million leaves; each sends the sum of
 * its subtree to its parent.  How long for the whole tree? */
#include "bench.h"

#include <goc.h>

static void skynet(chan_send_only(int64_t) out, int64_t number, int64_t size)
{
    if (size == 1) {
        chan_send(out, number);
        return;
    }
    chan(int64_t) children = chan_make(int64_t, 0);
    for (int i = 0; i < 10; i++)
        go skynet(children, number + i * (size / 10), size / 10);
    int64_t sum = 0;
    for (int i = 0; i < 10; i++)
        sum += chan_recv(children);
    chan_free(children);
    chan_send(out, sum);
}

int main(int argc, char **argv)
{
    int64_t size = bench_argument(argc, argv, 1, 1000000);
    chan(int64_t) result = chan_make(int64_t, 0);
    int64_t start = bench_now_ns();
    go skynet(result, 0, size);
    if (chan_recv(result) != size * (size - 1) / 2)
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
}
