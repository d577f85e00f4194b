/* A pipeline of goroutines: each item is a heap block that every stage changes and hands on. */
#include "bench.h"

#include <goc.h>

enum { STAGES = 4, FIELDS = 8, BUFFER = 16 };

struct item {
    long field[FIELDS];
};

static void produce(chan_send_only(struct item *) out, int count)
{
    for (int i = 0; i < count; i++) {
        struct item *item = malloc(sizeof(*item));
        for (int f = 0; f < FIELDS; f++)
            item->field[f] = i + f;
        chan_send(out, item);
    }
    chan_close(out);
}

static void stage(chan_recv_only(struct item *) in, chan_send_only(struct item *) out)
{
    chan_range(item, in) {
        for (int f = 0; f < FIELDS; f++)
            item->field[f] += f;
        chan_send(out, item);
    }
    chan_close(out);
}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 200000);
    chan(struct item *) c[STAGES + 1];
    for (int i = 0; i <= STAGES; i++)
        c[i] = chan_make(struct item *, i % 2 ? 0 : BUFFER);
    int64_t start = bench_now_ns();
    go produce(c[0], count);
    for (int i = 0; i < STAGES; i++)
        go stage(c[i], c[i + 1]);
    long sum = 0;
    chan_range(item, c[STAGES]) {
        sum += item->field[1];
        free(item);
    }
    if (sum != count * (count - 1L) / 2 + (1L + STAGES) * count)
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
}
