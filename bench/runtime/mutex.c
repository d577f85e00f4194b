/* What does a lock with its unlock cost, alone and among K goroutines? */
#include "bench.h"

#include <goc.h>

static goc_mutex mutex;
static int64_t counter; /* mutex */

static void count_up(int times, goc_waitgroup *done)
{
    for (int i = 0; i < times; i++) {
        goc_mutex_lock(&mutex);
        counter++;
        goc_mutex_unlock(&mutex);
    }
    goc_waitgroup_done(done);
}

int main(int argc, char **argv)
{
    int parties = bench_argument(argc, argv, 1, 1);
    int times = bench_argument(argc, argv, 2, 20000000) / parties;
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, parties);
    int64_t start = bench_now_ns();
    for (int i = 0; i < parties; i++)
        go count_up(times, &done);
    goc_waitgroup_wait(&done);
    if (counter != (int64_t)parties * times)
        abort();
    bench_print_per_op(start, counter);
}
