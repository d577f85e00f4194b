// Casts that would make a channel another one.
#include <goc.h>
#include <stdint.h>

void use(chan(int) c, chan_recv_only(int) out, int *p, goc_chan *bare, void *any)
{
    chan(long) l = (chan(long))c;
// CHECK: cast.c:[[#@LINE-1]]:32: error: cannot convert c (variable of type chan(int)) to type chan(long)
    chan(int) back = (chan(int))out;
// CHECK: cast.c:[[#@LINE-1]]:33: error: cannot convert out (variable of type chan_recv_only(int)) to type chan(int)
    int *q = (int *)c;
// CHECK: cast.c:[[#@LINE-1]]:21: error: cannot convert c (variable of type chan(int)) to type int *
    back = (chan(int))p;
// CHECK: cast.c:[[#@LINE-1]]:23: error: cannot convert p (variable of type int *) to type chan(int)
    (void)(chan_send_only(int))out;
// CHECK: cast.c:[[#@LINE-1]]:32: error: cannot convert out (variable of type chan_recv_only(int)) to type chan_send_only(int)

    // Right: to what it converts to anyway, to C's own interfaces and back, to a number.
    (void)(chan_recv_only(int))c;
    back = (chan(int))bare;
    back = (chan(int))any;
    bare = (goc_chan *)c;
    any = (void *)c;
    uintptr_t number = (uintptr_t)c;
    (void)l, (void)q, (void)number, (void)back;
}
