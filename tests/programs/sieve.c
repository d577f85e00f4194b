/* Primes by a chain of filters, one goroutine a prime: Hoare's sieve, as Go's first paper
 * on goroutines shows it.  The chain ends by closing from its head. */
#include <goc.h>
#include <stdio.h>

enum { PRIMES = 200 };

static void count_up(chan_send_only(int) out, chan_recv_only(bool) stop)
{
    for (int i = 2;; i++) {
        chan_select {
            chan_case_send(out, i) {
            }
            chan_case_recv(stop) {
                chan_close(out);
                return;
            }
        }
    }
}

static void filter(chan_recv_only(int) in, chan_send_only(int) out, int prime)
{
    chan_range(i, in) {
        if (i % prime != 0)
            chan_send(out, i);
    }
    chan_close(out);
}

int main(void)
{
    chan(int) stage[PRIMES + 1];
    chan(bool) stop = chan_make(bool, 0);
    stage[0] = chan_make(int, 0);
    go count_up(stage[0], stop);
    int prime = 0;
    for (int n = 0; n < PRIMES; n++) {
        prime = chan_recv(stage[n]);
        stage[n + 1] = chan_make(int, n % 3);
        go filter(stage[n], stage[n + 1], prime);
    }
    printf("prime %d is %d\n", PRIMES, prime);

    chan_close(stop);
    chan_range(rest, stage[PRIMES]) {
        (void)rest;
    }
    while (goc_num_goroutine() > 1)
        goc_yield();
    for (int n = 0; n <= PRIMES; n++)
        chan_free(stage[n]);
    chan_free(stop);
}

// CHECK: prime 200 is 1223
