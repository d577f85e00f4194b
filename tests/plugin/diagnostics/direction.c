// A channel of one direction is used the other way, or given to somebody who may.
#include <goc.h>

static void both(chan(int) c)
{
    chan_close(c);
}

void use(chan(int) c, chan_send_only(int) in, chan_recv_only(int) out, int v)
{
    chan_send(out, v);
// CHECK: direction.c:[[#@LINE-1]]:15: error: invalid operation: cannot send to receive-only channel out (variable of type chan_recv_only(int))
    v = chan_recv(in);
// CHECK: direction.c:[[#@LINE-1]]:19: error: invalid operation: cannot receive from send-only channel in (variable of type chan_send_only(int))
    chan_recv_ok(in, &v);
// CHECK: direction.c:[[#@LINE-1]]:18: error: invalid operation: cannot receive from send-only channel in (variable of type chan_send_only(int))
    chan_close(out);
// CHECK: direction.c:[[#@LINE-1]]:16: error: invalid operation: cannot close receive-only channel out (variable of type chan_recv_only(int))
    chan_range(each, in)
// CHECK: direction.c:[[#@LINE-1]]:22: error: cannot range over in (variable of type chan_send_only(int)): receive from send-only channel
        v += each;
    chan_select {
        chan_case_send(out, v) {
// CHECK: direction.c:[[#@LINE-1]]:24: error: invalid operation: cannot send to receive-only channel out (variable of type chan_recv_only(int))
        }
        chan_case_recv(in, v) {
// CHECK: direction.c:[[#@LINE-1]]:24: error: invalid operation: cannot receive from send-only channel in (variable of type chan_send_only(int))
        }
        chan_case_recv(in) {
// CHECK: direction.c:[[#@LINE-1]]:24: error: invalid operation: cannot receive from send-only channel in (variable of type chan_send_only(int))
        }
    }

    c = in;
// CHECK: direction.c:[[#@LINE-1]]:9: error: cannot use in (variable of type chan_send_only(int)) as chan(int) value in assignment
    c = out;
// CHECK: direction.c:[[#@LINE-1]]:9: error: cannot use out (variable of type chan_recv_only(int)) as chan(int) value in assignment
    in = out;
// CHECK: direction.c:[[#@LINE-1]]:10: error: cannot use out (variable of type chan_recv_only(int)) as chan_send_only(int) value in assignment
    out = in;
// CHECK: direction.c:[[#@LINE-1]]:11: error: cannot use in (variable of type chan_send_only(int)) as chan_recv_only(int) value in assignment
    both(in);
// CHECK: direction.c:[[#@LINE-1]]:10: error: cannot use in (variable of type chan_send_only(int)) as chan(int) value in argument to both
    chan(int) d = out;
// CHECK: direction.c:[[#@LINE-1]]:19: error: cannot use out (variable of type chan_recv_only(int)) as chan(int) value in variable declaration
    chan_send_only(int) *place = &c;
// CHECK: direction.c:[[#@LINE-1]]:34: error: cannot use &c (value of type chan(int) *) as chan_send_only(int) * value in variable declaration
    in = c;
    out = c;
    (void)d;
    (void)place;
}

chan(int) give(chan_recv_only(int) c)
{
    return c;
// CHECK: direction.c:[[#@LINE-1]]:12: error: cannot use c (variable of type chan_recv_only(int)) as chan(int) value in return statement
}
