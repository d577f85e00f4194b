/* What may be sent and how: an expression with commas and operators, a channel over a channel,
 * the receive of one as the target of a send, elements without bytes. */
#include "check.h"

#include <goc.h>
#include <stdio.h>

struct nothing {
};

struct point {
    int x;
    int y;
};

static void channels_over_channels(void)
{
    chan(chan(int)) carrier = chan_make(chan(int), 1);
    chan(int) c = chan_make(int, 1);
    chan_send(carrier, c);
    chan_select {
        chan_case_send(chan_recv(carrier), 2) {
        }
        chan_default {
            CHECK(!"c has room");
        }
    }
    CHECK_EQ(chan_recv(c), 2);
    chan_free(carrier);
    chan_free(c);
}

static void operators_and_commas(void)
{
    chan(bool) truth = chan_make(bool, 1);
    chan_send(truth, false || true);
    CHECK(chan_recv(truth));
    chan_send(truth, 1 ? false : true);
    CHECK(!chan_recv(truth));
    chan(struct point) points = chan_make(struct point, 1);
    chan_send(points, (struct point){3, 4});
    CHECK_EQ(chan_recv(points).y, 4);
    chan_free(truth);
    chan_free(points);
}

static void elements_without_bytes(void)
{
    chan(struct nothing) unbuffered = chan_make(struct nothing, 0);
    chan(struct nothing) buffered = chan_make(struct nothing, 1);
    CHECK(unbuffered != buffered);
    chan_send(buffered, (struct nothing){});
    CHECK_EQ(chan_len(buffered), 1);
    struct nothing got;
    CHECK(chan_recv_ok(buffered, &got));
    go ^(void) {
        chan_send(unbuffered, (struct nothing){});
        chan_close(unbuffered);
    }();
    CHECK(chan_recv_ok(unbuffered, NULL));
    CHECK(!chan_recv_ok(unbuffered, NULL));
    chan_free(unbuffered);
    chan_free(buffered);
}

int main(void)
{
    channels_over_channels();
    operators_and_commas();
    elements_without_bytes();
    printf("all sent\n");
}

// CHECK: all sent
