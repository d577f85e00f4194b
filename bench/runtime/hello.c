/* How long is a program that starts one goroutine and ends, start to exit?  bench.py times
 * the whole process. */
#include <goc.h>
#include <stdio.h>

static void hello(chan_send_only(bool) done)
{
    puts("0");
    chan_send(done, true);
}

int main(void)
{
    chan(bool) done = chan_make(bool, 0);
    go hello(done);
    chan_recv(done);
}
