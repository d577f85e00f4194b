/* A volatile sig_atomic_t is a goroutine's and its handlers', not another goroutine's. */
// PROCS: 1 2
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "interrupt.h"

#include <goc.h>

static volatile sig_atomic_t flag;
static struct barrier handled;

static void handle(int signal)
{
    (void)signal;
    flag = 1; // CHECK-DAG: .c:[[#@LINE]]:
    interrupt_handled();
}

static void interrupted(goc_waitgroup *done)
{
    interrupt(SIGUSR1);
    CHECK_EQ(flag, 1);
    barrier_arrive(&handled);
    goc_waitgroup_done(done);
}

static void other(goc_waitgroup *done)
{
    while (!barrier_reached(&handled, 1))
        goc_yield();
    flag = 2; // CHECK-DAG: .c:[[#@LINE]]:
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    pthread_t sender = interrupt_start();
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    goc_waitgroup_add(&done, 2);
    go interrupted(&done);
    go other(&done);
    goc_waitgroup_wait(&done);
    interrupt_stop(sender);
}
