/* Matrix multiply by goroutines that take rows from a channel. */
#include "bench.h"

#include <goc.h>

enum { WORKERS = 4 };

static double *a, *b, *c;

static void work(chan_recv_only(int) rows, int n, goc_waitgroup *done)
{
    chan_range(i, rows) {
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum += a[i * n + k] * b[k * n + j];
            c[i * n + j] = sum;
        }
    }
    goc_waitgroup_done(done);
}

int main(int argc, char **argv)
{
    int n = bench_argument(argc, argv, 1, 320);
    a = malloc(sizeof(double) * (size_t)(n * n));
    b = malloc(sizeof(double) * (size_t)(n * n));
    c = calloc((size_t)(n * n), sizeof(double));
    for (int i = 0; i < n * n; i++) {
        a[i] = i % 7;
        b[i] = i % 5;
    }
    chan(int) rows = chan_make(int, 0);
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, WORKERS);
    int64_t start = bench_now_ns();
    for (int i = 0; i < WORKERS; i++)
        go work(rows, n, &done);
    for (int i = 0; i < n; i++)
        chan_send(rows, i);
    chan_close(rows);
    goc_waitgroup_wait(&done);
    int64_t ended = bench_now_ns();
    if (c[n + 1] < 0)
        abort();
    bench_print((double)(ended - start) / 1e6);
    free(a);
    free(b);
    free(c);
}
