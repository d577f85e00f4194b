/* While a signal is blocked its handler does not interrupt the goroutine, and what it did there is
 * known.  Its runs in one goroutine follow each other, whichever threads that goes through. */
// PROCS: 1 2
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "interrupt.h"

#include <goc.h>

enum { ROUNDS = 20 };

static int runs;
static int count;
static volatile sig_atomic_t last;

static void handle(int signal)
{
    (void)signal;
    runs++;
    if (last < ROUNDS)
        count++;
    last = runs;
    interrupt_handled();
}

static void work(goc_waitgroup *done)
{
    sigset_t users;
    sigset_t before;
    sigemptyset(&users);
    sigaddset(&users, SIGUSR1);
    for (int i = 0; i < ROUNDS; i++) {
        goc_yield();
        interrupt(SIGUSR1);
        CHECK_EQ(pthread_sigmask(SIG_BLOCK, &users, &before), 0);
        count++;
        CHECK_EQ(runs, i + 1);
        CHECK_EQ(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
    }
    CHECK_EQ(last, ROUNDS);
    goc_waitgroup_done(done);
}

static void yield_on(goc_waitgroup *done)
{
    for (int i = 0; i < ROUNDS * ROUNDS; i++)
        goc_yield();
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    pthread_t sender = interrupt_start();
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    goc_waitgroup_add(&done, 3);
    go work(&done);
    go yield_on(&done);
    go yield_on(&done);
    goc_waitgroup_wait(&done);
    CHECK_EQ(count, 2 * ROUNDS);
    interrupt_stop(sender);
}
