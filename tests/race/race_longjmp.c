/* After a longjmp the stack is the catcher's again. */
#include "pair.h"

#include <setjmp.h>

int shared;
static jmp_buf buffer;

__attribute__((noinline)) static void thrower(int depth)
{
    if (depth == 0)
        longjmp(buffer, 1);
    thrower(depth - 1);
    barrier_arrive(&step);
}

static void first(void)
{
    if (setjmp(buffer) == 0)
        thrower(20);
    shared = 1; // CHECK: .c:[[#@LINE+8]]:
    // CHECK-NOT: thrower
    // CHECK: .c:[[#@LINE-2]]:
    // CHECK-NOT: thrower
}

static void second(void)
{
    shared = 2;
}

int main(void)
{
    pair_in_order();
}
