/* How late is a sleep of 50 microseconds, where nothing else runs: the median in microseconds. */
#include "bench.h"

#include <goc.h>

enum { SLEEPS = 2001 };

static int later(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(void)
{
    static int64_t late_ns[SLEEPS];
    for (int i = 0; i < SLEEPS; i++) {
        goc_time start = goc_now();
        goc_sleep(50 * GOC_MICROSECOND);
        late_ns[i] = goc_now() - start - 50 * GOC_MICROSECOND;
    }
    qsort(late_ns, SLEEPS, sizeof *late_ns, later);
    bench_print((double)late_ns[SLEEPS / 2] / 1000);
}
