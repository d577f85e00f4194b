#include "../../bench.h"

#include <neco.h>

enum { CHANNELS = 8 };

struct feed {
    neco_chan **c;
    int channels;
    int count;
};

static void feed(int argc, void **argv)
{
    (void)argc;
    struct feed *feed = argv[0];
    for (int i = 0; i < feed->count; i++)
        neco_chan_send(feed->c[i % feed->channels], &i);
}

static void measure(int argc, void **argv)
{
    int channels = bench_argument(argc, (char **)argv, 1, 2);
    int blocking = bench_argument(argc, (char **)argv, 2, 0);
    int count = bench_argument(argc, (char **)argv, 3, 2000000);
    neco_chan *c[CHANNELS];
    struct feed feeds = {c, channels, count};
    for (int i = 0; i < CHANNELS; i++)
        neco_chan_make(&c[i], sizeof(int), blocking ? 0 : 1);
    if (blocking)
        neco_start(feed, 1, &feeds);
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++) {
        int v = -1;
        if (!blocking)
            neco_chan_send(c[i % channels], &i);
        int which = neco_chan_selectv(channels, c);
        if (which != i % channels || neco_chan_case(c[which], &v) != NECO_OK || v != i)
            abort();
    }
    bench_print_per_op(start, count);
    exit(0);
}

int main(int argc, char **argv)
{
    neco_startv(measure, argc, (void **)argv);
}
