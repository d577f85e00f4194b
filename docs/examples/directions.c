/* Send-only and receive-only ends: chan(T) converts to either, and nothing converts back.
 * Uncommenting a line marked "error" stops the compilation at that column. */
#include <goc.h>
#include <stdio.h>

static void produce(chan_send_only(int) out)
{
    chan_send(out, 42);
    /* chan_recv(out);          error: cannot receive from send-only channel */
}

static void consume(chan_recv_only(int) in, chan_send_only(bool) done)
{
    printf("consumed %d\n", chan_recv(in));
    /* chan_send(in, 1);        error: cannot send to receive-only channel */
    chan_send(done, true);
}

int main(void)
{
    chan(int) c = chan_make(int, 0);
    chan(bool) done = chan_make(bool, 0);
    go produce(c);
    go consume(c, done);
    chan_recv(done);
    chan_free(c);
    chan_free(done);
}

// CHECK: consumed 42
