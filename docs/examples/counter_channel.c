/* counter.c cured by a channel: the counter belongs to one goroutine, the others tell it.
 * "Do not communicate by sharing memory; instead, share memory by communicating." */
#include <goc.h>
#include <stdio.h>

static void count(int times, chan_send_only(int) increments, goc_waitgroup *done)
{
    for (int i = 0; i < times; i++)
        chan_send(increments, 1);
    goc_waitgroup_done(done);
}

static void close_after(goc_waitgroup *done, chan(int) increments)
{
    goc_waitgroup_wait(done);
    chan_close(increments);
}

int main(void)
{
    chan(int) increments = chan_make(int, 16);
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, 2);
    go count(1000, increments, &done);
    go count(1000, increments, &done);
    go close_after(&done, increments);

    int counter = 0;
    chan_range(n, increments) {
        counter += n;
    }
    printf("counter is %d\n", counter);
    chan_free(increments);
}

// CHECK: counter is 2000
