/* What came before the installing, the sending and the go statement is before a handler that
 * interrupts the goroutine. */
// PROCS: 1 2
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "interrupt.h"

#include <goc.h>

static int before_install;
static int before_go;
static int before_kill;
static struct barrier runs;

static void handle(int signal)
{
    CHECK_EQ(before_install, 1);
    CHECK_EQ(before_go, 1);
    if (signal == SIGUSR2)
        CHECK_EQ(before_kill, 1);
    interrupt_handled();
}

UNSEEN static pthread_t say(pthread_t self)
{
    static pthread_t thread;
    if (self != 0)
        thread = self;
    return thread;
}

/* Its creator's knowledge, by way of the grandchild. */
static void work(goc_waitgroup *done)
{
    interrupt(SIGUSR1);
    say(pthread_self());
    barrier_arrive(&runs);
    barrier_await(&interrupts.handled, 2);
    goc_waitgroup_done(done);
}

static void create(goc_waitgroup *done)
{
    go work(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    pthread_t sender = interrupt_start();
    before_install = 1;
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    CHECK(signal(SIGUSR2, handle) == SIG_DFL);
    before_go = 1;
    goc_waitgroup_add(&done, 1);
    go create(&done);
    while (!barrier_reached(&runs, 1))
        goc_yield();
    before_kill = 1;
    CHECK_EQ(pthread_kill(say(0), SIGUSR2), 0);
    goc_waitgroup_wait(&done);
    interrupt_stop(sender);
}
