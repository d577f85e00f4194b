/* A value that a select sends goes out once: a sender with four arms, four relays, one reader
 * who holds every value against those it has seen. */
#include "check.h"

#include <goc.h>
#include <stdio.h>

enum { VALUES = 20000, LINES = 4 };

static void send_all(chan(int) lines[LINES])
{
    for (int i = 0; i < VALUES; i++) {
        chan_select {
            chan_case_send(lines[0], i) {
            }
            chan_case_send(lines[1], i) {
            }
            chan_case_send(lines[2], i) {
            }
            chan_case_send(lines[3], i) {
            }
        }
    }
    for (int line = 0; line < LINES; line++)
        chan_close(lines[line]);
}

static void relay(chan_recv_only(int) in, chan_send_only(int) out, goc_waitgroup *open)
{
    chan_range(value, in)
        chan_send(out, value);
    goc_waitgroup_done(open);
}

static void close_after(chan_send_only(int) out, goc_waitgroup *open)
{
    goc_waitgroup_wait(open);
    chan_close(out);
}

int main(void)
{
    static unsigned char seen[VALUES];
    chan(int) lines[LINES];
    chan(int) out = chan_make(int, 0);
    goc_waitgroup open = {0};
    goc_waitgroup_add(&open, LINES);
    for (int line = 0; line < LINES; line++) {
        lines[line] = chan_make(int, 0);
        go relay(lines[line], out, &open);
    }
    go send_all(lines);
    go close_after(out, &open);
    int count = 0;
    chan_range(value, out) {
        CHECK_EQ(seen[value]++, 0);
        count++;
    }
    printf("%d values, each once\n", count);
}

// CHECK: 20000 values, each once
