/* Everybody waits and nobody can wake anybody: the runtime says so, with every goroutine's
 * stack and what it waits for, and exits 2. */
#include <goc.h>

static void wait_for(chan_recv_only(int) c)
{
    chan_recv(c);
}

int main(void)
{
    chan(int) c = chan_make(int, 0);
    go wait_for(c);
    chan(int) never = chan_make(int, 0);
    chan_send(never, 1);
}

// CHECK: fatal error: all goroutines are asleep - deadlock!
// CHECK: goroutine 1 [chan send]:
// CHECK: deadlock.c:15
// CHECK: goroutine {{[0-9]+}} [chan receive]:
// CHECK: wait_for
// CHECK-NEXT: deadlock.c:7
