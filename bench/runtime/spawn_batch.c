/* … in batches of 1,000 that a WaitGroup waits for? */
#include "bench.h"

#include <goc.h>

static void done(goc_waitgroup *wait)
{
    goc_waitgroup_done(wait);
}

int main(int argc, char **argv)
{
    int batches = bench_argument(argc, argv, 1, 3000);
    int batch = 1000;
    int64_t start = bench_now_ns();
    for (int i = 0; i < batches; i++) {
        goc_waitgroup wait = {0};
        goc_waitgroup_add(&wait, batch);
        for (int j = 0; j < batch; j++)
            go done(&wait);
        goc_waitgroup_wait(&wait);
    }
    bench_print_per_op(start, (int64_t)batches * batch);
}
