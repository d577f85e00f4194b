// A channel has ==, != and a truth value, and no other operator.
#include <goc.h>

struct holder {
    chan(int) c;
};

int use(chan(int) c, chan(int) d, chan_recv_only(int) out, struct holder h)
{
    (void)(c + 1);
// CHECK: operator.c:[[#@LINE-1]]:12: error: invalid operation: operator + not defined on c (variable of type chan(int))
    (void)(1 + c);
// CHECK: operator.c:[[#@LINE-1]]:16: error: invalid operation: operator + not defined on c (variable of type chan(int))
    (void)(c - d);
// CHECK: operator.c:[[#@LINE-1]]:12: error: invalid operation: operator - not defined on c (variable of type chan(int))
    c += 2;
// CHECK: operator.c:[[#@LINE-1]]:5: error: invalid operation: operator += not defined on c (variable of type chan(int))
    c -= 2;
// CHECK: operator.c:[[#@LINE-1]]:5: error: invalid operation: operator -= not defined on c (variable of type chan(int))
    c++;
// CHECK: operator.c:[[#@LINE-1]]:5: error: invalid operation: operator ++ not defined on c (variable of type chan(int))
    --c;
// CHECK: operator.c:[[#@LINE-1]]:7: error: invalid operation: operator -- not defined on c (variable of type chan(int))
    h.c++;
// CHECK: operator.c:[[#@LINE-1]]:5: error: invalid operation: operator ++ not defined on h.c (variable of type chan(int))
    int n = c < d;
// CHECK: operator.c:[[#@LINE-1]]:13: error: invalid operation: operator < not defined on c (variable of type chan(int))
    n = d >= out;
// CHECK: operator.c:[[#@LINE-1]]:9: error: invalid operation: operator >= not defined on d (variable of type chan(int))
    (void)*c;
// CHECK: operator.c:[[#@LINE-1]]:12: error: invalid operation: cannot indirect c (variable of type chan(int))
    out[0];
// CHECK: operator.c:[[#@LINE-1]]:5: error: invalid operation: cannot index out (variable of type chan_recv_only(int))
    (void)0 [c];
// CHECK: operator.c:[[#@LINE-1]]:14: error: invalid operation: cannot index c (variable of type chan(int))
    (*h.c)((struct goc_elem *)0);
// CHECK: operator.c:[[#@LINE-1]]:7: error: invalid operation: cannot indirect h.c (variable of type chan(int))
    return n + (c == d) + (c != d) + !c + (c && d) + (c ? 1 : 2);
}
