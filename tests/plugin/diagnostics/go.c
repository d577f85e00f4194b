// go wants a call.
#include <goc.h>

void nothing(void);
int one(int x);
void several(int n, ...);

struct object {
    void (*method)(void);
};

void use(int n, void (*pointer)(void), struct object *o, void (^block)(void), chan(int) c)
{
    go nothing;
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
// CHECK: fix-it:"go.c":{[[#@LINE-2]]:15-[[#@LINE-2]]:15}:"()"
    go pointer;
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
// CHECK: fix-it:"go.c":{[[#@LINE-2]]:15-[[#@LINE-2]]:15}:"()"
    go o->method;
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
// CHECK: fix-it:"go.c":{[[#@LINE-2]]:17-[[#@LINE-2]]:17}:"()"
    go block;
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
// CHECK: fix-it:"go.c":{[[#@LINE-2]]:13-[[#@LINE-2]]:13}:"()"
    go one;
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
    go several;
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
    go n;
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
    go 1 + 2;
// CHECK: go.c:[[#@LINE-1]]:10: error: expression in go must be function call
    go(n);
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
    go n++;
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
    go one(1) + 1;
// CHECK: go.c:[[#@LINE-1]]:15: error: expression in go must be function call
    go one(1), one(2); // Right: the comma ends it.
    go ^{
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
        nothing();
    };
// CHECK: fix-it:"go.c":{[[#@LINE-1]]:6-[[#@LINE-1]]:6}:"()"
    go __builtin_trap();
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call, and __builtin_trap is the compiler's own
    go chan_send(c, 1);
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call, and chan_send is a statement; write go ^{ chan_send(…); }()
    go sizeof(n);
// CHECK: go.c:[[#@LINE-1]]:8: error: expression in go must be function call
    go(void)nothing();
// CHECK: go.c:[[#@LINE-1]]:7: error: expression in go must be function call
    go n ? one(1) : one(2);
// CHECK: go.c:[[#@LINE-1]]:10: error: expression in go must be function call

    // Right.
    go nothing();
    go pointer();
    go o->method();
    go block();
    go one(n++);
    go several(2, 1, "x");
    go(one)(1);
    go(one(1));
    go ^{
        nothing();
    }();
    go ^(int i) {
        one(i);
    }(n);
    n ? go nothing() : (void)0;
}
