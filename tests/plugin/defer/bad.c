/* What goc_defer does not take, in Go's words. */
#include <goc.h>

void f(void);
int variable;
chan(int) c;

void wrong(void)
{
    goc_defer f;
    goc_defer variable;
    goc_defer __builtin_trap();
    goc_defer chan_send(c, 1);
    goc_defer f();
    goc_defer chan_close(c);
}

// CHECK: bad.c:[[#@LINE-8]]:15: error: expression in defer must be function call
// CHECK: bad.c:[[#@LINE-8]]:15: error: expression in defer must be function call
// CHECK: bad.c:[[#@LINE-8]]:15: error: expression in defer must be function call, and __builtin_trap is the compiler's own
// CHECK: bad.c:[[#@LINE-8]]:15: error: expression in defer must be function call, and chan_send is a statement; write goc_defer ^{ chan_send(…); }()
// CHECK: 4 errors generated
