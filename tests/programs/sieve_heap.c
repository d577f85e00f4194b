/* Primes by merging: the composites are an ordered merge of the multiples of each prime, held in
 * a heap of streams that the main loop steps, so that one goroutine drives many producers that
 * each run ahead as far as their buffer lets them. */
#include "check.h"

#include <goc.h>
#include <stdio.h>

enum { PRIMES = 300, AHEAD = 50 };

struct stream {
    int head;
    chan(int) rest;
};

static void multiples(chan_send_only(int) out, chan_recv_only(bool) stop, int prime,
                      goc_waitgroup *running)
{
    for (int i = prime * prime;; i += prime) {
        chan_select {
            chan_case_send(out, i) {
            }
            chan_case_recv(stop) {
                goc_waitgroup_done(running);
                return;
            }
        }
    }
}

static struct stream heap[PRIMES];
static int heap_count;

static void swap(int a, int b)
{
    struct stream kept = heap[a];
    heap[a] = heap[b];
    heap[b] = kept;
}

static void add(struct stream stream)
{
    int i = heap_count++;
    heap[i] = stream;
    for (; i > 0 && heap[i].head < heap[(i - 1) / 2].head; i = (i - 1) / 2)
        swap(i, (i - 1) / 2);
}

static void advance_top(void)
{
    heap[0].head = chan_recv(heap[0].rest);
    for (int i = 0;;) {
        int least = i;
        for (int child = 2 * i + 1; child <= 2 * i + 2 && child < heap_count; child++)
            if (heap[child].head < heap[least].head)
                least = child;
        if (least == i)
            return;
        swap(i, least);
        i = least;
    }
}

int main(void)
{
    chan(bool) stop = chan_make(bool, 0);
    goc_waitgroup running = {0};
    int found = 0;
    int prime = 0;
    for (int n = 2; found < PRIMES; n++) {
        bool composite = false;
        while (heap_count > 0 && heap[0].head == n) {
            composite = true;
            advance_top();
        }
        if (composite)
            continue;
        prime = n;
        found++;
        if (found == PRIMES)
            break;
        chan(int) out = chan_make(int, AHEAD);
        goc_waitgroup_add(&running, 1);
        go multiples(out, stop, prime, &running);
        add((struct stream){chan_recv(out), out});
    }
    printf("prime %d is %d\n", PRIMES, prime);
    chan_close(stop);
    goc_waitgroup_wait(&running);
    for (int i = 0; i < heap_count; i++)
        chan_free(heap[i].rest);
    chan_free(stop);
}

// CHECK: prime 300 is 1987
