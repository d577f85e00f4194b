/* What a goroutine's creator does after the go statement is not before a handler that interrupts
 * the goroutine, however late that runs. */
// PROCS: 1 2
// BEYOND TSAN: a handler is no party of its own there.
#include "interrupt.h"

#include <goc.h>

int shared;
static struct barrier written;

static void handle(int signal)
{
    (void)signal;
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
    interrupt_handled();
}

static void work(goc_waitgroup *done)
{
    while (!barrier_reached(&written, 1))
        goc_yield();
    interrupt(SIGUSR1);
    goc_waitgroup_done(done);
}

// CHECK-GOC-DAG: by signal handler in goroutine
int main(void)
{
    goc_waitgroup done = {0};
    pthread_t sender = interrupt_start();
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    goc_waitgroup_add(&done, 1);
    go work(&done);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&written);
    goc_waitgroup_wait(&done);
    interrupt_stop(sender);
}
