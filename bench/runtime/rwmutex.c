/* What does a read lock with its unlock cost when nobody writes? */
#include "bench.h"

#include <goc.h>

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 20000000);
    static goc_rwmutex mutex;
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++) {
        goc_rwmutex_rlock(&mutex);
        goc_rwmutex_runlock(&mutex);
    }
    bench_print_per_op(start, count);
}
