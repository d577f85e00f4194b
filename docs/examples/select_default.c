/* Select with a default never waits: try to receive, try to send. */
#include <goc.h>
#include <stdio.h>

static void try_both(chan(int) c)
{
    int v;
    chan_select {
        chan_case_recv(c, v) {
            printf("received %d\n", v);
        }
        chan_default {
            printf("nothing to receive\n");
        }
    }
    chan_select {
        chan_case_send(c, 7) {
            printf("sent\n");
        }
        chan_default {
            printf("no room to send\n");
        }
    }
}

int main(void)
{
    chan(int) c = chan_make(int, 1);
    try_both(c);
    chan_send(c, chan_recv(c) + 1);
    chan(int) nobody = chan_make(int, 0);
    try_both(nobody);
    try_both(c);
    chan_free(nobody);
    chan_free(c);
}

// CHECK:      nothing to receive
// CHECK-NEXT: sent
// CHECK-NEXT: nothing to receive
// CHECK-NEXT: no room to send
// CHECK-NEXT: received 8
// CHECK-NEXT: sent
