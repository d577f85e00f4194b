/* How long does it take to start a goroutine that ends at once, one after the other? */
#include "bench.h"

#include <goc.h>

static void nothing(void) {}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 3000000);
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++) {
        go nothing();
        if (i % 64 == 63)
            goc_yield();
    }
    while (goc_num_goroutine() > 1)
        goc_yield();
    bench_print_per_op(start, count);
}
