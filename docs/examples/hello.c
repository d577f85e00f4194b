/* Hello, goroutine: one is started, and main waits for it over a channel. */
#include <goc.h>
#include <stdio.h>

static void hello(const char *name, chan_send_only(bool) done)
{
    printf("hello, %s\n", name);
    chan_send(done, true);
}

int main(void)
{
    chan(bool) done = chan_make(bool, 0);
    go hello("goroutine", done);
    chan_recv(done);
    chan_free(done);
}

// CHECK: hello, goroutine
