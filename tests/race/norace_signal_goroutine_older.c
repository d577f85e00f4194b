/* A goroutine that is older than all handlers: what came before its go statement is known to who
 * interrupts it all the same. */
// PROCS: 1 2
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "interrupt.h"

#include <goc.h>

static int before_go;
static struct barrier runs;
static struct barrier installed;

static void handle(int signal)
{
    (void)signal;
    CHECK_EQ(before_go, 1);
    interrupt_handled();
}

static void work(goc_waitgroup *done)
{
    barrier_arrive(&runs);
    while (!barrier_reached(&installed, 1))
        goc_yield();
    interrupt(SIGUSR1);
    goc_waitgroup_done(done);
}

static void install(goc_waitgroup *done)
{
    while (!barrier_reached(&runs, 1))
        goc_yield();
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    barrier_arrive(&installed);
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    pthread_t sender = interrupt_start();
    goc_waitgroup_add(&done, 2);
    go install(&done);
    before_go = 1;
    go work(&done);
    goc_waitgroup_wait(&done);
    interrupt_stop(sender);
}
