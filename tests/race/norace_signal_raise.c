/* A handler that its own thread calls, by raise or by a fault, stands in its order; also one
 * that is left by a jump. */
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "check.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static int count;
static sigjmp_buf out;
static char *volatile nowhere;

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

int main(void)
{
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    CHECK(signal(SIGSEGV, leave) == SIG_DFL);
    count++;
    CHECK_EQ(raise(SIGUSR1), 0);
    count++;
    CHECK_EQ(kill(getpid(), SIGUSR1), 0);
    count++;
    CHECK_EQ(pthread_kill(pthread_self(), SIGUSR1), 0);
    count++;
    nowhere = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (sigsetjmp(out, 1) == 0)
        *nowhere = 1;
    CHECK_EQ(count, 8);
}
