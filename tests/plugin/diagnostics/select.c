// The shape of chan_select, and its arms where they do not belong.
#include <goc.h>

void f(void);

void shape(chan(int) c, int v)
{
    chan_select
// CHECK: select.c:[[#@LINE-1]]:5: error: chan_select needs braces around its arms
        f();
    chan_select
// CHECK: select.c:[[#@LINE-1]]:5: error: chan_select needs braces around its arms
        chan_case_recv(c) {
// CHECK: select.c:[[#@LINE-1]]:9: error: chan_case_recv outside chan_select
        }
    chan_select {
        f();
// CHECK: select.c:[[#@LINE-1]]:9: error: unexpected statement in chan_select, expected chan_case_recv, chan_case_send, chan_default or }
        chan_case_recv(c, v) {
        }
        chan_case_send(c, 1)
            f();
        f();
// CHECK: select.c:[[#@LINE-1]]:9: error: unexpected statement in chan_select, expected chan_case_recv, chan_case_send, chan_default or }
        v++;
// CHECK: select.c:[[#@LINE-1]]:9: error: unexpected statement in chan_select, expected chan_case_recv, chan_case_send, chan_default or }
        chan_default {
        }
        chan_default {
// CHECK: select.c:[[#@LINE-1]]:9: error: multiple defaults in chan_select
// CHECK: select.c:[[#@LINE-4]]:9: note: the first is here
        }
    }
    chan_select {
        int local = 1;
// CHECK: select.c:[[#@LINE-1]]:9: error: unexpected statement in chan_select, expected chan_case_recv, chan_case_send, chan_default or }
        chan_case_recv(c, v) {
        }
        if (v)
// CHECK: select.c:[[#@LINE-1]]:9: error: unexpected statement in chan_select, expected chan_case_recv, chan_case_send, chan_default or }
            chan_case_send(c, 1) {
            }
        { chan_default {}}(void)local;
// CHECK: select.c:[[#@LINE-1]]:9: error: unexpected statement in chan_select, expected chan_case_recv, chan_case_send, chan_default or }
// CHECK: select.c:[[#@LINE-2]]:11: error: chan_default must stand directly between chan_select's braces
// CHECK: select.c:[[#@LINE-3]]:27: error: unexpected statement in chan_select, expected chan_case_recv, chan_case_send, chan_default or }
    }
    chan_select {
    case 1:
// CHECK: select.c:[[#@LINE-1]]:5: error: unexpected statement in chan_select, expected chan_case_recv, chan_case_send, chan_default or }
        f();
    }
    chan_select {
        chan_case_recv(c)
// CHECK: select.c:[[#@LINE-1]]:9: error: missing body behind chan_case_recv
    }
    chan_select {
        chan_case_recv(c)
// CHECK: select.c:[[#@LINE-1]]:9: error: missing body behind chan_case_recv
            chan_case_recv(c, v)
// CHECK: select.c:[[#@LINE-1]]:13: error: missing body behind chan_case_recv
                chan_default {
                }
    }
}

void outside(chan(int) c, int v, bool ok)
{
    chan_case_recv(c, v) {
// CHECK: select.c:[[#@LINE-1]]:5: error: chan_case_recv outside chan_select
    }
    chan_case_recv(c, v, ok) {
// CHECK: select.c:[[#@LINE-1]]:5: error: chan_case_recv outside chan_select
    }
    chan_case_send(c, v) {
// CHECK: select.c:[[#@LINE-1]]:5: error: chan_case_send outside chan_select
    }
    chan_default {
// CHECK: select.c:[[#@LINE-1]]:5: error: chan_default outside chan_select
    }
    while (v)
        chan_case_recv(c) {
// CHECK: select.c:[[#@LINE-1]]:9: error: chan_case_recv outside chan_select
        }
    switch (v) {
        chan_case_recv(c, v) {
// CHECK: select.c:[[#@LINE-1]]:9: error: chan_case_recv must stand directly between chan_select's braces
        }
        chan_default {
// CHECK: select.c:[[#@LINE-1]]:9: error: chan_default must stand directly between chan_select's braces
        }
    }
    chan_select {
        chan_case_recv(c, v) {
            chan_case_send(c, v) {
// CHECK: select.c:[[#@LINE-1]]:13: error: chan_case_send must stand directly between chan_select's braces
            }
        }
    }
}

// Right: empty, one within the other, break, an arm within a loop of its own arm.
void right(chan(int) c, int v, bool ok)
{
    chan_select {
    }
    chan_select {
        chan_default {
        }
    }
    while (v)
        chan_select {
            chan_case_recv(c, v, ok) {
                if (ok)
                    break;
                chan_select {
                    chan_case_send(c, v)
                        f();
                }
            }
            chan_case_recv(c)
                while (v)
                    break;
            chan_default
                f();
        }
}
