#include "../../bench.h"

#include <neco.h>

static void produce(int argc, void **argv)
{
    (void)argc;
    neco_chan *out = argv[0];
    int count = *(int *)argv[1];
    for (int i = 0; i < count; i++)
        neco_chan_send(out, &i);
    neco_chan_close(out);
}

static void measure(int argc, void **argv)
{
    int count = bench_argument(argc, (char **)argv, 2, 8000000);
    neco_chan *c;
    long sum = 0;
    neco_chan_make(&c, sizeof(int), 100);
    int64_t start = bench_now_ns();
    neco_start(produce, 2, c, &count);
    for (int v; neco_chan_recv(c, &v) == NECO_OK;)
        sum += v;
    if (sum != (long)count * (count - 1) / 2)
        abort();
    bench_print_per_op(start, count);
    exit(0);
}

int main(int argc, char **argv)
{
    neco_startv(measure, argc, (void **)argv);
}
