/* What do a million sleeps of 0 to 1 s cost, and how late do the latest wake?
 * Arguments: how many; 1 asks for the 99th percentile of lateness in microseconds, 0 for the
 * process's CPU time in milliseconds. */
#include "bench.h"

#include <goc.h>
#include <sys/resource.h>

static int64_t *late_ns;

static void sleep_for(int i, goc_duration d, goc_waitgroup *done)
{
    goc_time start = goc_now();
    goc_sleep(d);
    late_ns[i] = goc_now() - start - d;
    goc_waitgroup_done(done);
}

static int later(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double cpu_ms(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 1000000);
    bool percentile = bench_argument(argc, argv, 2, 0);
    late_ns = calloc((size_t)count, sizeof *late_ns);
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, count);
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < count; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        goc_duration d = (goc_duration)(random % (uint64_t)GOC_SECOND);
        go sleep_for(i, d, &done);
    }
    goc_waitgroup_wait(&done);
    double used = cpu_ms();
    qsort(late_ns, (size_t)count, sizeof *late_ns, later);
    bench_print(percentile ? (double)late_ns[(int64_t)count * 99 / 100] / 1000 : used);
}
