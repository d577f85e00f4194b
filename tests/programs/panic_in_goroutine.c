/* A panic of any goroutine ends the process: its own stack and where it was created. */
#include <goc.h>

static void close_twice(chan(int) c)
{
    chan_close(c);
    chan_close(c);
}

int main(void)
{
    chan(int) c = chan_make(int, 0);
    go close_twice(c);
    chan(int) never = chan_make(int, 0);
    chan_recv(never);
}

// CHECK: panic: close of closed channel
// CHECK: goroutine {{[0-9]+}} [running]:
// CHECK: close_twice
// CHECK-NEXT: panic_in_goroutine.c:7
// CHECK: created by main
// CHECK-NEXT: panic_in_goroutine.c:13
