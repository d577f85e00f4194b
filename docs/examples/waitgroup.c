/* Waiting for many: the WaitGroup travels by pointer.  A copy would count for itself, and
 * main would wait for ever. */
#include <goc.h>
#include <stdio.h>

enum { WORKERS = 5 };

static void square(int n, int *result, goc_waitgroup *done)
{
    *result = n * n;
    goc_waitgroup_done(done);
}

int main(void)
{
    int results[WORKERS];
    goc_waitgroup done = {0};
    for (int i = 0; i < WORKERS; i++) {
        goc_waitgroup_add(&done, 1);
        go square(i, &results[i], &done);
    }
    goc_waitgroup_wait(&done);
    for (int i = 0; i < WORKERS; i++)
        printf("%d squared is %d\n", i, results[i]);
}

// CHECK:      0 squared is 0
// CHECK-NEXT: 1 squared is 1
// CHECK-NEXT: 2 squared is 4
// CHECK-NEXT: 3 squared is 9
// CHECK-NEXT: 4 squared is 16
