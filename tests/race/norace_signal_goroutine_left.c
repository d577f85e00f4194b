/* A goroutine leaves the handler that it has called by a panic, which it recovers from, or by its
 * end. */
// PROCS: 1 2
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "check.h"

#include <goc.h>
#include <signal.h>

enum { GOROUTINES = 50, PANICS = 3 };

static int count;

static void leave(int signal)
{
    (void)signal;
    count++;
    goc_exit();
}

static void fail(int signal)
{
    (void)signal;
    count++;
    goc_panic("out of a handler");
}

static void end(goc_waitgroup *done)
{
    count++;
    goc_waitgroup_done(done);
}

static void recover(void)
{
    CHECK(goc_recover() != NULL);
    count++;
}

static void risk(void)
{
    goc_defer recover();
    raise(SIGUSR2);
}

static void work(goc_waitgroup *done)
{
    goc_defer end(done);
    for (int i = 0; i < PANICS; i++)
        risk();
    raise(SIGUSR1);
    CHECK(false);
}

int main(void)
{
    struct sigaction action = {.sa_handler = leave, .sa_flags = SA_NODEFER};
    CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
    action.sa_handler = fail;
    CHECK_EQ(sigaction(SIGUSR2, &action, NULL), 0);
    for (int i = 0; i < GOROUTINES; i++) {
        goc_waitgroup done = {0};
        goc_waitgroup_add(&done, 1);
        go work(&done);
        goc_waitgroup_wait(&done);
    }
    CHECK_EQ(count, GOROUTINES * (2 * PANICS + 2));
}
