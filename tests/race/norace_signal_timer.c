/* A handler sets a timer, as POSIX lets it, and comes while its thread is at the same: neither
 * waits for the other for ever. */
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "check.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <time.h>

enum { SIGNALS = 2000, PAUSE_US = 50 };

static timer_t timer;
static atomic_int handled;

static void set(void)
{
    struct itimerspec late = {.it_value = {.tv_sec = 1000}};
    CHECK_EQ(timer_settime(timer, 0, &late, NULL), 0);
}

static void handle(int signal)
{
    (void)signal;
    set();
    atomic_fetch_add(&handled, 1);
}

int main(void)
{
    struct sigevent nothing = {.sigev_notify = SIGEV_NONE};
    struct sigaction action = {.sa_handler = handle};
    struct itimerval often = {.it_interval = {.tv_usec = PAUSE_US},
                              .it_value = {.tv_usec = PAUSE_US}};
    CHECK_EQ(timer_create(CLOCK_MONOTONIC, &nothing, &timer), 0);
    CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
    CHECK_EQ(setitimer(ITIMER_REAL, &often, NULL), 0);
    while (atomic_load(&handled) < SIGNALS)
        set();
}
