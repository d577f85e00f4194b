/* A handler and the thread that it interrupts share a plain counter: the signal might have
 * come in the middle of the other access. */
// BEYOND TSAN: a handler is no party of its own there.
#include "check.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

static int count;
static volatile sig_atomic_t came;

static void handle(int signal)
{
    (void)signal;
    count++; // CHECK-DAG: .c:[[#@LINE]]:
    came = 1;
}

// CHECK-GOC-DAG: by signal handler in main thread
// CHECK-GOC-DAG: Signal handler in main thread was installed at:
int main(void)
{
    struct sigaction action = {.sa_handler = handle};
    struct itimerval soon = {.it_value = {.tv_usec = 1000}};
    CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
    CHECK_EQ(setitimer(ITIMER_REAL, &soon, NULL), 0);
    while (!came)
        ;
    count++; // CHECK-DAG: .c:[[#@LINE]]:
}
