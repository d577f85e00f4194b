/* More done than add: the WaitGroup's counter would go below zero. */
#include <goc.h>

int main(void)
{
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, 1);
    goc_waitgroup_done(&done);
    goc_waitgroup_done(&done);
}

// CHECK: panic: sync: negative WaitGroup counter
// CHECK: goroutine 1 [running]:
// CHECK: panic_waitgroup.c:9
