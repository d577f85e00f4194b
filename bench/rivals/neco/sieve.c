#include "../../bench.h"

#include <neco.h>

static void generate(int argc, void **argv)
{
    (void)argc;
    for (int i = 2; neco_chan_send(argv[0], &i) == NECO_OK; i++)
        ;
}

static void filter(int argc, void **argv)
{
    (void)argc;
    neco_chan *in = argv[0], *out = argv[1];
    int prime = (int)(intptr_t)argv[2];
    int n;
    while (neco_chan_recv(in, &n) == NECO_OK)
        if (n % prime != 0)
            neco_chan_send(out, &n);
}

static void measure(int argc, void **argv)
{
    int count = bench_argument(argc, (char **)argv, 1, 2000);
    int64_t start = bench_now_ns();
    neco_chan *in;
    neco_chan_make(&in, sizeof(int), 0);
    neco_start(generate, 1, in);
    int prime = 0;
    for (int i = 0; i < count; i++) {
        neco_chan *out;
        neco_chan_recv(in, &prime);
        neco_chan_make(&out, sizeof(int), 0);
        neco_start(filter, 3, in, out, (void *)(intptr_t)prime);
        in = out;
    }
    if (count == 2000 && prime != 17389)
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
    exit(0);
}

int main(int argc, char **argv)
{
    neco_startv(measure, argc, (void **)argv);
}
