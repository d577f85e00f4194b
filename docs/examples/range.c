/* Range takes what is buffered even after the close, then ends; a receive from a closed
 * and empty channel returns zero at once, and chan_recv_ok says so. */
#include <goc.h>
#include <stdio.h>

int main(void)
{
    chan(int) c = chan_make(int, 3);
    chan_send(c, 10);
    chan_send(c, 20);
    chan_send(c, 30);
    chan_close(c);

    chan_range(v, c) {
        printf("got %d\n", v);
    }
    int v = 99;
    bool ok = chan_recv_ok(c, &v);
    printf("then %d, ok is %s\n", v, ok ? "true" : "false");
    chan_free(c);
}

// CHECK:      got 10
// CHECK-NEXT: got 20
// CHECK-NEXT: got 30
// CHECK-NEXT: then 0, ok is false
