/* Behind the unblocking the handler may come at any time. */
// BEYOND TSAN: a handler is no party of its own there.
#include "check.h"

#include <signal.h>
#include <sys/time.h>

static int count;
static volatile sig_atomic_t came;

static void handle(int signal)
{
    (void)signal;
    count++; // CHECK-DAG: .c:[[#@LINE]]:
    came = 1;
}

int main(void)
{
    struct sigaction action = {.sa_handler = handle};
    struct itimerval soon = {.it_value = {.tv_usec = 1000}};
    sigset_t alarms;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
    CHECK_EQ(setitimer(ITIMER_REAL, &soon, NULL), 0);
    CHECK_EQ(sigprocmask(SIG_BLOCK, &alarms, NULL), 0);
    CHECK_EQ(sigprocmask(SIG_UNBLOCK, &alarms, NULL), 0);
    while (!came)
        ;
    count++; // CHECK-DAG: .c:[[#@LINE]]:
}
