/* The handlers of two goroutines: that a thread ran both, one after the other, orders nothing. */
// PROCS: 1 2
// BEYOND TSAN: a handler is no party of its own there.
#include "interrupt.h"

#include <goc.h>

int count;
static struct barrier step;

static void handle(int signal)
{
    (void)signal;
    count++; // CHECK-DAG: .c:[[#@LINE]]:
    interrupt_handled();
}

static void work(goc_waitgroup *done, unsigned turn)
{
    while (!barrier_reached(&step, turn))
        goc_yield();
    interrupt(SIGUSR1);
    barrier_arrive(&step);
    goc_waitgroup_done(done);
}

// CHECK-GOC-DAG: {{[Ww]}}rite{{.*}}by signal handler in goroutine
// CHECK-GOC-DAG: Previous {{.*}}by signal handler in goroutine
int main(void)
{
    goc_waitgroup done = {0};
    pthread_t sender = interrupt_start();
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    goc_waitgroup_add(&done, 2);
    go work(&done, 0);
    go work(&done, 1);
    goc_waitgroup_wait(&done);
    interrupt_stop(sender);
}
