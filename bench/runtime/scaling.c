/* How much of its time does a computation need on two Ps that it needs on one?  The Mandelbrot
 * set, a goroutine a row: nothing is shared but the end. */
#include "bench.h"

#include <goc.h>

enum { SIZE = 600, ITERATIONS = 200 };

static unsigned char image[SIZE][SIZE];

static unsigned char escapes(double re, double im)
{
    double x = 0, y = 0;
    int i = 0;
    for (; i < ITERATIONS && x * x + y * y <= 4; i++) {
        double next = x * x - y * y + re;
        y = 2 * x * y + im;
        x = next;
    }
    return (unsigned char)i;
}

static void row(int y, goc_waitgroup *done)
{
    for (int x = 0; x < SIZE; x++)
        image[y][x] = escapes(x * 3.0 / SIZE - 2, y * 2.0 / SIZE - 1);
    goc_waitgroup_done(done);
}

static int64_t compute_on(int procs)
{
    goc_maxprocs(procs);
    int64_t start = bench_now_ns();
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, SIZE);
    for (int y = 0; y < SIZE; y++)
        go row(y, &done);
    goc_waitgroup_wait(&done);
    int64_t elapsed = bench_now_ns() - start;
    if (image[SIZE / 2][SIZE / 2] != ITERATIONS) /* it has to be computed */
        abort();
    return elapsed;
}

int main(void)
{
    compute_on(2); /* the image's pages, the threads */
    int64_t one = compute_on(1);
    int64_t two = compute_on(2);
    bench_print((double)two / (double)one);
}
