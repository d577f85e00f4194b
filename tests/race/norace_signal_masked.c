/* While a signal is blocked its handler does not run, and what it did is known; sigsuspend
 * lets it run in between. */
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "check.h"

#include <signal.h>
#include <sys/time.h>

static int count;
static volatile sig_atomic_t last;

static void handle(int signal)
{
    (void)signal;
    count++;
    last = count;
}

int main(void)
{
    struct sigaction action = {.sa_handler = handle};
    struct itimerval often = {{.tv_usec = 200}, {.tv_usec = 200}};
    struct itimerval never = {{0}, {0}};
    sigset_t alarms;
    sigset_t before;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
    CHECK_EQ(setitimer(ITIMER_REAL, &often, NULL), 0);
    while (last < 10) {
        CHECK_EQ(sigprocmask(SIG_BLOCK, &alarms, &before), 0);
        count++;
        CHECK_EQ(sigprocmask(SIG_SETMASK, &before, NULL), 0);
    }
    for (int more = last + 5; last < more;) {
        CHECK_EQ(sighold(SIGALRM), 0);
        count++;
        CHECK_EQ(sigrelse(SIGALRM), 0);
    }
    CHECK_EQ(pthread_sigmask(SIG_BLOCK, &alarms, &before), 0);
    for (int seen = count; count < seen + 10;)
        CHECK(sigsuspend(&before) != 0);
    CHECK_EQ(setitimer(ITIMER_REAL, &never, NULL), 0);
    CHECK(count >= 20);
}
