// No -Wno-… turns a check off, and what clang says of other things stays.
#pragma clang diagnostic ignored "-Weverything"
#include <goc.h>

void use(chan(int) c, chan(long) l, chan_recv_only(int) out, int *p)
{
    c = l;
    chan_send(out, 1);
    c = p;
    p = chan_recv(c);
#pragma clang diagnostic warning "-Wincompatible-pointer-types"
    long *other = p;
// CHECK: switched_off.c:[[#@LINE-1]]:11: warning: incompatible pointer types initializing 'long *' with an expression of type 'int *' [-Wincompatible-pointer-types]
// CHECK: switched_off.c:[[#@LINE-7]]:9: error: cannot use l (variable of type chan(long)) as chan(int) value in assignment
// CHECK: switched_off.c:[[#@LINE-7]]:15: error: invalid operation: cannot send to receive-only channel out (variable of type chan_recv_only(int))
// CHECK: switched_off.c:[[#@LINE-7]]:9: error: cannot use p (variable of type int *) as chan(int) value in assignment
// CHECK: switched_off.c:[[#@LINE-7]]:9: error: cannot use chan_recv(c) (value of type int) as int * value in assignment
    chan_send(c, other == p);
    (void)other;
}
