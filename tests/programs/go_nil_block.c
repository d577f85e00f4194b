/* go of a block that is NULL ends the program in the goroutine that says it. */
#include <goc.h>

static chan(int) done;

static void starts(void (^block)(int))
{
    go block(1);
    chan_recv(done);
}

int main(void)
{
    done = chan_make(int, 0);
    void (^answer)(int) = ^(int n) {
        chan_send(done, n);
    };
    starts(answer);
    go starts((void (^)(int))0);
    chan_recv(done);
}

// CHECK: fatal error: go of nil func value
// CHECK: goroutine {{[0-9]+}} [running]:
// CHECK-NEXT: starts(
// CHECK-NEXT: go_nil_block.c:8
// CHECK: created by main in goroutine 1
