#include "../../resident.h"

#include <neco.h>

static void wait_for(int argc, void **argv)
{
    (void)argc;
    char nothing;
    neco_chan_recv(argv[0], &nothing);
}

static void measure(int argc, void **argv)
{
    int count = bench_argument(argc, (char **)argv, 1, 1000000);
    neco_chan *gate;
    neco_chan_make(&gate, 1, 0);
    long before = resident_bytes();
    for (int i = 0; i < count; i++)
        if (neco_start(wait_for, 1, gate) != NECO_OK)
            abort();
    bench_print((double)(resident_bytes() - before) / count);
    exit(0);
}

int main(int argc, char **argv)
{
    neco_startv(measure, argc, (void **)argv);
}
