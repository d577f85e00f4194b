/* Sending on a closed channel is a bug of the sender: the program panics and exits 2. */
#include <goc.h>

int main(void)
{
    chan(int) c = chan_make(int, 1);
    chan_close(c);
    chan_send(c, 1);
}

// CHECK: panic: send on closed channel
// CHECK: goroutine 1 [running]:
// CHECK: {{^}}main(
// CHECK-NEXT: panic_closed.c:8
