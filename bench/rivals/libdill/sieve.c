#include "../../bench.h"

#include <libdill.h>

static coroutine void generate(int out)
{
    for (int i = 2; chsend(out, &i, sizeof i, -1) == 0; i++)
        ;
}

static coroutine void filter(int in, int out, int prime)
{
    int n;
    while (chrecv(in, &n, sizeof n, -1) == 0)
        if (n % prime != 0 && chsend(out, &n, sizeof n, -1) != 0)
            abort();
}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 2000);
    int64_t start = bench_now_ns();
    int ends[2];
    if (chmake(ends) != 0 || dill_go(generate(ends[0])) < 0)
        abort();
    int prime = 0;
    int in = ends[1];
    for (int i = 0; i < count; i++) {
        if (chrecv(in, &prime, sizeof prime, -1) != 0 || chmake(ends) != 0 ||
            dill_go(filter(in, ends[0], prime)) < 0)
            abort();
        in = ends[1];
    }
    if (count == 2000 && prime != 17389)
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
}
