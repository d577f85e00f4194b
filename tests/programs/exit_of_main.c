/* goc_exit in main ends goroutine 1 only; the others go on, and when none of them can, the
 * program says so. */
#include <goc.h>
#include <stdio.h>

static void work(void)
{
    for (int i = 0; i < 3; i++) {
        printf("working\n");
        fflush(stdout);
        goc_yield();
    }
}

int main(void)
{
    go work();
    goc_exit();
}

// CHECK:      working
// CHECK-NEXT: working
// CHECK-NEXT: working
// CHECK:      fatal error: no goroutines (main called runtime.Goexit) - deadlock!
