// A word is given something that is no channel.
#include <goc.h>

struct pair {
    int x, y;
};

void use(int n, struct pair pair, int *p, goc_chan *bare, chan(int) * many)
{
    chan_send(n, 1);
    n = chan_recv(n);
    n = chan_recv(pair.x);
    chan_recv_ok(p, &n);
    chan_close(pair);
    n = (int)chan_len(n);
    n = (int)chan_cap(p);
    chan_free(bare);
    chan_range(v, n)
        n += v;
    chan_select {
        chan_case_recv(n, n) {
        }
        chan_case_recv(p) {
        }
        chan_case_send(bare, n) {
        }
    }
    chan_send(many, 1);
    chan_send(undeclared, 1);
// CHECK: operand.c:[[#@LINE-1]]:15: error: use of undeclared identifier 'undeclared'
// CHECK: operand.c:[[#@LINE-21]]:15: error: invalid operation: cannot send to non-channel n
// CHECK: operand.c:[[#@LINE-21]]:19: error: invalid operation: cannot receive from non-channel n
// CHECK: operand.c:[[#@LINE-21]]:19: error: invalid operation: cannot receive from non-channel pair.x
// CHECK: operand.c:[[#@LINE-21]]:18: error: invalid operation: cannot receive from non-channel p
// CHECK: operand.c:[[#@LINE-21]]:16: error: invalid operation: cannot close non-channel pair
// CHECK: operand.c:[[#@LINE-21]]:23: error: invalid operation: cannot use non-channel n
// CHECK: operand.c:[[#@LINE-21]]:23: error: invalid operation: cannot use non-channel p
// CHECK: operand.c:[[#@LINE-21]]:15: error: invalid operation: cannot use non-channel bare
// CHECK: operand.c:[[#@LINE-21]]:19: error: invalid operation: cannot range over non-channel n
// CHECK: operand.c:[[#@LINE-19]]:24: error: invalid operation: cannot receive from non-channel n
// CHECK: operand.c:[[#@LINE-18]]:24: error: invalid operation: cannot receive from non-channel p
// CHECK: operand.c:[[#@LINE-17]]:24: error: invalid operation: cannot send to non-channel bare
// CHECK: operand.c:[[#@LINE-15]]:15: error: invalid operation: cannot send to non-channel many

    chan_send(many[0], 1);
    chan_send(*many, 1);
}
