/* A detached C11 thread is ordered before nobody. */
#include "barrier.h"
#include "check.h"

#include <threads.h>

int shared;
static struct barrier step;

static int run(void *unused)
{
    (void)unused;
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    return 0;
}

int main(void)
{
    thrd_t thread;
    CHECK_EQ(thrd_create(&thread, run, NULL), thrd_success);
    CHECK_EQ(thrd_detach(thread), thrd_success);
    barrier_await(&step, 1);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
}
