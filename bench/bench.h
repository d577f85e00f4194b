/* What every question here shares: the clock, and the one line that bench.py reads.
 *
 * A program takes its size as arguments, does its work once and prints one number, in the
 * unit that bench.py's table gives to its row.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline int64_t bench_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The I-th argument as a number, or FALLBACK where there is none. */
static inline int bench_argument(int argc, char **argv, int i, int fallback)
{
    return i < argc ? atoi(argv[i]) : fallback;
}

static inline void bench_print(double value)
{
    printf("%.3f\n", value);
}

/* Nanoseconds an operation since START. */
static inline void bench_print_per_op(int64_t start_ns, int64_t operations)
{
    bench_print((double)(bench_now_ns() - start_ns) / (double)operations);
}

#endif
