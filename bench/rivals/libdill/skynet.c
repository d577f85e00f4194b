#include "../../bench.h"

#include <libdill.h>

static coroutine void skynet(int out, int64_t number, int64_t size)
{
    int64_t sum = 0;
    int ends[2];
    if (size == 1) {
        chsend(out, &number, sizeof number, -1);
        return;
    }
    int children = bundle();
    if (chmake(ends) != 0)
        abort();
    for (int i = 0; i < 10; i++)
        if (bundle_go(children, skynet(ends[0], number + i * (size / 10), size / 10)) !=
            0)
            abort();
    for (int i = 0; i < 10; i++) {
        int64_t part;
        chrecv(ends[1], &part, sizeof part, -1);
        sum += part;
    }
    bundle_wait(children, -1);
    hclose(children);
    hclose(ends[0]);
    hclose(ends[1]);
    chsend(out, &sum, sizeof sum, -1);
}

int main(int argc, char **argv)
{
    int64_t size = bench_argument(argc, argv, 1, 1000000);
    int64_t sum = 0;
    int ends[2];
    if (chmake(ends) != 0)
        abort();
    int64_t start = bench_now_ns();
    if (dill_go(skynet(ends[0], 0, size)) < 0 ||
        chrecv(ends[1], &sum, sizeof sum, -1) != 0 || sum != size * (size - 1) / 2)
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
}
