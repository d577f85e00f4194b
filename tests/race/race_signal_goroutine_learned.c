/* What the goroutine has learned since it began is not known to a handler that interrupts it. */
// PROCS: 1 2
// BEYOND TSAN: a handler is no party of its own there.
#include "interrupt.h"

#include <goc.h>

int shared;

static void handle(int signal)
{
    (void)signal;
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
    interrupt_handled();
}

static void work(chan(int) in, goc_waitgroup *done)
{
    CHECK_EQ(chan_recv(in), 1);
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
    chan(int) in = chan_make(int, 0);
    go work(in, &done);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    chan_send(in, 1);
    goc_waitgroup_wait(&done);
    interrupt_stop(sender);
    chan_free(in);
}
