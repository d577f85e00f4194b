/* One race, one report: with both detectors it says that both saw it. */
#include <goc.h>

static int counter;
static goc_waitgroup done;

static void count(int times)
{
    for (int i = 0; i < times; i++)
        counter++;
    goc_waitgroup_done(&done);
}

int main(void)
{
    goc_waitgroup_add(&done, 2);
    go count(100);
    go count(100);
    goc_waitgroup_wait(&done);
}

// CHECK: WARNING: DATA RACE
// CHECK: Location is global 'counter'
// CHECK: Goroutine {{[23]}} was created by main goroutine at:
// CHECK-TSAN: seen by: tsan
// CHECK-BOTH: seen by: goc, tsan
// CHECK: Found 1 data race.
