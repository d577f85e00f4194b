/* A handler that its own goroutine calls, by raise or by a fault, stands in its order; also one
 * that is left by a jump, and one in which the goroutine waits. */
// PROCS: 1 2
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "interrupt.h"

#include <goc.h>
#include <setjmp.h>
#include <sys/mman.h>

static int count;
static sigjmp_buf out;
static char *volatile nowhere;
static chan(int) more;

static void handle(int signal)
{
    (void)signal;
    count++;
}

static void leave(int signal)
{
    count++;
    siglongjmp(out, signal);
}

static void nested(int signal)
{
    count++;
    CHECK_EQ(raise(signal == SIGUSR2 ? SIGUSR1 : SIGUSR2), 0);
    count++;
}

static void wait(int signal)
{
    (void)signal;
    count++;
    count += chan_recv(more);
}

static void provide(void)
{
    chan_send(more, 1);
}

static void work(goc_waitgroup *done)
{
    count++;
    CHECK_EQ(raise(SIGUSR1), 0);
    count++;
    CHECK_EQ(pthread_kill(pthread_self(), SIGUSR1), 0);
    count++;
    CHECK_EQ(raise(SIGUSR2), 0);
    CHECK_EQ(count, 8);
    nowhere = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 3; i++) {
        if (sigsetjmp(out, 1) == 0)
            *nowhere = 1;
        count++;
    }
    CHECK_EQ(count, 14);
    go provide();
    CHECK_EQ(raise(SIGHUP), 0);
    count++;
    CHECK_EQ(raise(SIGHUP + 0 * count), 0);
    CHECK_EQ(count, 19);
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    more = chan_make(int, 1);
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    CHECK(signal(SIGUSR2, nested) == SIG_DFL);
    CHECK(signal(SIGHUP, wait) == SIG_DFL);
    goc_waitgroup_add(&done, 1);
    CHECK(signal(SIGSEGV, leave) == SIG_DFL);
    go work(&done);
    chan_send(more, 1);
    goc_waitgroup_wait(&done);
    count++;
    chan_free(more);
}
