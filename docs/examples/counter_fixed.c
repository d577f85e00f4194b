/* counter.c cured by a mutex: whoever increments holds it. */
#include <goc.h>
#include <stdio.h>

static goc_mutex counter_mutex;
static int counter; /* counter_mutex */

static void count(int times, goc_waitgroup *done)
{
    for (int i = 0; i < times; i++) {
        goc_mutex_lock(&counter_mutex);
        counter++;
        goc_mutex_unlock(&counter_mutex);
    }
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, 2);
    go count(1000, &done);
    go count(1000, &done);
    goc_waitgroup_wait(&done);
    printf("counter is %d\n", counter);
}

// CHECK: counter is 2000
