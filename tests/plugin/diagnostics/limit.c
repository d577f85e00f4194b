// -ferror-limit counts what is reported; what clang said first and goc reworded is no part of it.
// CHECK-OPTIONS: -ferror-limit=3
#include <goc.h>

void use(int n, int m)
{
    chan_close(n);
// CHECK: limit.c:[[#@LINE-1]]:16: error: invalid operation: cannot close non-channel n
    chan_close(m);
// CHECK: limit.c:[[#@LINE-1]]:16: error: invalid operation: cannot close non-channel m
    n = chan_recv(n);
// CHECK: limit.c:[[#@LINE-1]]:19: error: invalid operation: cannot receive from non-channel n
// CHECK: fatal error: too many errors emitted, stopping now [-ferror-limit=]
    chan_send(m, 1);
    chan_send(n, 1);
}
