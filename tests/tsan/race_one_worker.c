/* Run with GOMAXPROCS=1: the goroutines take turns on one thread and race all the same. */
#include <goc.h>

static int shared;
static goc_waitgroup done;

static void increment(void)
{
    shared++; // CHECK: race_one_worker.c:[[#@LINE]]:
    goc_waitgroup_done(&done);
}

int main(void)
{
    goc_waitgroup_add(&done, 2);
    go increment();
    go increment();
    goc_waitgroup_wait(&done);
}
