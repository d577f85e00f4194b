/* A select that waits leaves nothing on the heap, be it of few arms or of many. */
#include "check.h"

#include <goc.h>
#include <malloc.h>
#include <stdio.h>

enum { ROUNDS = 100000, ARMS = 10 };

static void answer(chan_send_only(int) out, chan_recv_only(int) stop)
{
    for (;;) {
        bool stopped = false;
        chan_select {
            chan_case_send(out, 1) {
            }
            chan_case_recv(stop) {
                stopped = true;
            }
        }
        if (stopped)
            return;
    }
}

static void wait_rounds(chan_recv_only(int) in, chan_recv_only(int) never, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        chan_select {
            chan_case_recv(in) {
            }
            chan_case_recv(never) {
            }
        }
    }
}

static void wait_rounds_of_many(goc_chan *in, goc_chan *never, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        struct goc_select_case cases[ARMS];
        for (int arm = 0; arm < ARMS; arm++)
            cases[arm] = (struct goc_select_case){.chan = never, .op = GOC_SELECT_RECV};
        cases[i % ARMS].chan = in;
        CHECK_EQ(goc_select(cases, ARMS, false), i % ARMS);
    }
}

int main(void)
{
    chan(int) in = chan_make(int, 0);
    chan(int) never = chan_make(int, 0);
    chan(int) stop = chan_make(int, 0);
    go answer(in, stop);
    wait_rounds(in, never, ROUNDS / 100);
    wait_rounds_of_many((goc_chan *)in, (goc_chan *)never, ROUNDS / 100);
    size_t before = mallinfo2().uordblks;
    wait_rounds(in, never, ROUNDS);
    wait_rounds_of_many((goc_chan *)in, (goc_chan *)never, ROUNDS / 10);
    size_t after = mallinfo2().uordblks;
    CHECK(after < before + ROUNDS); /* less than a byte a select */
    chan_send(stop, 1);
    printf("no memory kept\n");
}

// CHECK: no memory kept
