#include "../../bench.h"

#include <neco.h>

static void skynet(int argc, void **argv)
{
    (void)argc;
    neco_chan *out = argv[0];
    int64_t number = (intptr_t)argv[1], size = (intptr_t)argv[2];
    int64_t sum = 0;
    neco_chan *children;
    if (size == 1) {
        neco_chan_send(out, &number);
        return;
    }
    if (neco_chan_make(&children, sizeof sum, 0) != NECO_OK)
        abort();
    for (int i = 0; i < 10; i++)
        if (neco_start(skynet, 3, children, (void *)(number + i * (size / 10)),
                       (void *)(size / 10)) != NECO_OK)
            abort();
    for (int i = 0; i < 10; i++) {
        int64_t part;
        neco_chan_recv(children, &part);
        sum += part;
    }
    neco_chan_release(children);
    neco_chan_send(out, &sum);
}

static void measure(int argc, void **argv)
{
    int64_t size = bench_argument(argc, (char **)argv, 1, 1000000);
    int64_t sum = 0;
    neco_chan *result;
    neco_chan_make(&result, sizeof sum, 0);
    int64_t start = bench_now_ns();
    neco_start(skynet, 3, result, NULL, (void *)size);
    if (neco_chan_recv(result, &sum) != NECO_OK || sum != size * (size - 1) / 2)
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
    exit(0);
}

int main(int argc, char **argv)
{
    neco_startv(measure, argc, (void **)argv);
}
