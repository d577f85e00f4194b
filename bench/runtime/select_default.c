/* What does a select with one arm that is not ready and a default cost? */
#include "bench.h"

#include <goc.h>

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 50000000);
    chan(int) c = chan_make(int, 0);
    int v = 0;
    long misses = 0;
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++) {
        chan_select {
            chan_case_recv(c, v) {
                abort();
            }
            chan_default {
                misses++;
            }
        }
    }
    if (misses != count || v != 0)
        abort();
    bench_print_per_op(start, count);
}
