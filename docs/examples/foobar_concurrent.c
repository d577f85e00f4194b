/* The same two functions at the same time: each keeps its own order, and how the two
 * interleave is the scheduler's choice. */
#include <goc.h>
#include <stdio.h>

static void say(const char *word, goc_waitgroup *done)
{
    for (int i = 0; i < 3; i++) {
        printf("%s %d\n", word, i);
        goc_yield();
    }
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, 2);
    go say("foo", &done);
    go say("bar", &done);
    goc_waitgroup_wait(&done);
    printf("both done\n");
}

// CHECK-DAG: foo 0
// CHECK-DAG: foo 2
// CHECK-DAG: bar 0
// CHECK-DAG: bar 2
// CHECK: both done
