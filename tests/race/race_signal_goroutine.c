/* A handler and the goroutine that it interrupts share a plain counter: the signal might have
 * come in the middle of the other access. */
// PROCS: 1 2
// BEYOND TSAN: a handler is no party of its own there.
#include "interrupt.h"

#include <goc.h>

int count;

static void handle(int signal)
{
    (void)signal;
    count++; // CHECK-DAG: .c:[[#@LINE]]:
    interrupt_handled();
}

static void work(goc_waitgroup *done)
{
    interrupt(SIGUSR1);
    count++; // CHECK-DAG: .c:[[#@LINE]]:
    goc_waitgroup_done(done);
}

// CHECK-GOC-DAG: by signal handler in goroutine
// CHECK-GOC-DAG: Signal handler in goroutine {{[0-9]+}} was installed at:
int main(void)
{
    goc_waitgroup done = {0};
    pthread_t sender = interrupt_start();
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    goc_waitgroup_add(&done, 1);
    go work(&done);
    goc_waitgroup_wait(&done);
    interrupt_stop(sender);
}
