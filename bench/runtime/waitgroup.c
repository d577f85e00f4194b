/* What does an add with its done cost? */
#include "bench.h"

#include <goc.h>

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 20000000);
    static goc_waitgroup wait;
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++) {
        goc_waitgroup_add(&wait, 1);
        goc_waitgroup_done(&wait);
    }
    goc_waitgroup_wait(&wait);
    bench_print_per_op(start, count);
}
