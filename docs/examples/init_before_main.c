/* GOC_INIT runs before main, as Go's init does; it may start goroutines and wait. */
#include <goc.h>
#include <stdio.h>

static int table[4];

static void fill(int index, goc_waitgroup *done)
{
    table[index] = 1 << index;
    goc_waitgroup_done(done);
}

GOC_INIT
{
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, 4);
    for (int i = 0; i < 4; i++)
        go fill(i, &done);
    goc_waitgroup_wait(&done);
    printf("init\n");
}

int main(void)
{
    printf("main: %d %d %d %d\n", table[0], table[1], table[2], table[3]);
}

// CHECK:      init
// CHECK-NEXT: main: 1 2 4 8
