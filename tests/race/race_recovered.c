/* After a recover the stack is that of the function that returned, and a race behind it is seen. */
#include "pair.h"

#include <goc.h>

int shared;

__attribute__((noinline)) static void thrower(int depth)
{
    if (depth == 0)
        goc_panic("down here");
    thrower(depth - 1);
    barrier_arrive(&step);
}

static void recover(void)
{
    goc_recover();
}

__attribute__((noinline)) static void catcher(void)
{
    goc_defer recover();
    thrower(20);
}

static void first(void)
{
    for (int i = 0; i < 100; i++)
        catcher();
    shared = 1; // CHECK: .c:[[#@LINE+8]]:
    // CHECK-NOT: {{thrower|catcher}}
    // CHECK: .c:[[#@LINE-2]]:
    // CHECK-NOT: {{thrower|catcher}}
}

static void second(void)
{
    shared = 2;
}

int main(void)
{
    pair_in_order();
}
