/* A volatile sig_atomic_t is what C gives a handler to share with its thread. */
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "check.h"

#include <signal.h>
#include <sys/time.h>

static volatile sig_atomic_t count;

static void handle(int signal)
{
    (void)signal;
    count++;
}

int main(void)
{
    struct itimerval often = {{.tv_usec = 200}, {.tv_usec = 200}};
    struct itimerval never = {{0}, {0}};
    CHECK(signal(SIGALRM, handle) == SIG_DFL);
    CHECK_EQ(setitimer(ITIMER_REAL, &often, NULL), 0);
    while (count < 20)
        if (count % 2 == 0)
            count = count;
    CHECK_EQ(setitimer(ITIMER_REAL, &never, NULL), 0);
    CHECK(signal(SIGALRM, SIG_DFL) == handle);
}
