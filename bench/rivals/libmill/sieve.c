#include "../../bench.h"

#include <libmill.h>

static coroutine void generate(chan out)
{
    for (int i = 2;; i++)
        chs(out, int, i);
}

static coroutine void filter(chan in, chan out, int prime)
{
    for (;;) {
        int n = chr(in, int);
        if (n % prime != 0)
            chs(out, int, n);
    }
}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 2000);
    int64_t start = bench_now_ns();
    chan in_now = chmake(int, 0);
    go(generate(in_now));
    int prime = 0;
    for (int i = 0; i < count; i++) {
        prime = chr(in_now, int);
        chan out_now = chmake(int, 0);
        go(filter(in_now, out_now, prime));
        in_now = out_now;
    }
    if (count == 2000 && prime != 17389)
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
}
