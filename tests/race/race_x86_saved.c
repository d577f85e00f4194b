/* Two threads that save the processor's state to one area: fxsave's bytes, xsave's header. */
// FLAGS: -mfxsr -mxsave
// BEYOND TSAN: it does not look into intrinsics of a processor's.
#include "x86.h"

static char saved[512] __attribute__((__aligned__(64)));
static char extended[4096] __attribute__((__aligned__(64)));

static void first(void)
{
    _fxsave64(saved);      // CHECK-DAG: .c:[[#@LINE]]:
    _xsave64(extended, 3); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    _fxsave64(saved);      // CHECK-DAG: .c:[[#@LINE]]:
    _xsave64(extended, 3); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    NEEDS("avx"); // and so the system has xsave on
    pair_in_order();
}
