/* A function literal in a go statement: a block, called.  It takes i by parameter, so each
 * goroutine has its own, and captures results and done from around it. */
#include <goc.h>
#include <stdio.h>

int main(void)
{
    chan(int) results = chan_make(int, 3);
    goc_waitgroup wait = {0};
    goc_waitgroup *done = &wait;
    goc_waitgroup_add(done, 3);
    for (int i = 1; i <= 3; i++) {
        go ^(int n) {
            chan_send(results, n * 100);
            goc_waitgroup_done(done);
        }(i);
    }
    goc_waitgroup_wait(done);

    int sum = 0;
    for (int i = 0; i < 3; i++)
        sum += chan_recv(results);
    printf("sum %d\n", sum);
    chan_free(results);
}

// CHECK: sum 600
