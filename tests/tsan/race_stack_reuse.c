/* The second goroutine gets the stack of the first, which has ended; that orders nothing:
 * their writes race. */
#include "barrier.h"

#include <goc.h>

static int shared;
static struct barrier gate;
static void *stacks[2];

static void write_once(int index)
{
    stacks[index] = __builtin_frame_address(0);
    shared++; // CHECK: race_stack_reuse.c:[[#@LINE]]:
    barrier_arrive(&gate);
}

static void wait_for(unsigned count)
{
    while (!barrier_reached(&gate, count))
        goc_yield();
    goc_yield(); // it has arrived; let it end
}

int main(void)
{
    go write_once(0);
    wait_for(1);
    go write_once(1);
    wait_for(2);
    return stacks[0] == stacks[1] ? 0 : 1; // else the test has lost its subject
}
