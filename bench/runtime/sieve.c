/* The prime sieve: a chain of filters, one goroutine a prime.  How long for COUNT primes? */
#include "bench.h"

#include <goc.h>

static void generate(chan_send_only(int) out)
{
    for (int i = 2;; i++)
        chan_send(out, i);
}

static void filter(chan_recv_only(int) in, chan_send_only(int) out, int prime)
{
    for (;;) {
        int n = chan_recv(in);
        if (n % prime != 0)
            chan_send(out, n);
    }
}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 2000);
    int64_t start = bench_now_ns();
    chan(int) in = chan_make(int, 0);
    go generate(in);
    int prime = 0;
    for (int i = 0; i < count; i++) {
        prime = chan_recv(in);
        chan(int) out = chan_make(int, 0);
        go filter(in, out, prime);
        in = out;
    }
    if (count == 2000 && prime != 17389)
        abort();
    bench_print((double)(bench_now_ns() - start) / 1e6);
}
