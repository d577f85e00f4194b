// A word in a macro of the user's: the place is where the macro is used, or the argument.
#include <goc.h>

#define SEND_ONE(c) chan_send(c, 1)
#define SEND(c, v) chan_send(c, v)
#define RUN(f) go f
#define ARM(c, v) chan_case_recv(c, v)

void f(void);

void use(chan(int) c, chan_recv_only(int) out, int n, int *p)
{
    SEND_ONE(out);
// CHECK: macros.c:[[#@LINE-1]]:14: error: invalid operation: cannot send to receive-only channel out (variable of type chan_recv_only(int))
    SEND(out, n);
// CHECK: macros.c:[[#@LINE-1]]:10: error: invalid operation: cannot send to receive-only channel out (variable of type chan_recv_only(int))
    SEND(c, p);
// CHECK: macros.c:[[#@LINE-1]]:13: error: cannot use p (variable of type int *) as int value in send
    RUN(f);
// CHECK: macros.c:[[#@LINE-1]]:9: error: expression in go must be function call
// CHECK: fix-it:"macros.c":{[[#@LINE-2]]:10-[[#@LINE-2]]:10}:"()"
    RUN(n);
// CHECK: macros.c:[[#@LINE-1]]:9: error: expression in go must be function call
    ARM(c, n) {}
// CHECK: macros.c:[[#@LINE-1]]:5: error: chan_case_recv outside chan_select
    chan_select {
        ARM(c, p) {}
// CHECK: macros.c:[[#@LINE-1]]:16: error: cannot use received value of type int as int * value in assignment
    }

    SEND(c, n);
    RUN(f());
    chan_select {
        ARM(c, n) {}
    }
}
