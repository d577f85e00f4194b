/* A race: two goroutines increment one counter, and nothing orders them.
 *
 * The final count is anything from 1,000 to 2,000; the program is wrong even when it
 * happens to be 2,000.  Build with -race to be told.  counter_fixed.c, counter_atomic.c
 * and counter_channel.c are its three cures.
 */
#include <goc.h>
#include <stdio.h>

static int counter;

static void count(int times, goc_waitgroup *done)
{
    for (int i = 0; i < times; i++)
        counter++;
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

// PLAIN: counter is
// RACE:  WARNING: DATA RACE
// RACE:  count
// RACE:  counter.c:15
// RACE:  count
// RACE:  counter.c:15
