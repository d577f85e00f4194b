/* A handler that ends the process while it is ending: what was found is still told. */
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "pair.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

int shared;

static void first(void)
{
    shared = 1;
}

static void second(void)
{
    shared = 2;
}

static void handle(int signal)
{
    _exit(signal);
}

/* Registered behind the detector's end, and so called before it, which has to wait for the
 * reporter: the signal comes meanwhile. */
static void interrupt_the_end(void)
{
    struct itimerval soon = {.it_value = {.tv_usec = 1000}};
    CHECK(signal(SIGALRM, handle) == SIG_DFL);
    CHECK_EQ(setitimer(ITIMER_REAL, &soon, NULL), 0);
}

int main(void)
{
    CHECK_EQ(atexit(interrupt_the_end), 0);
    pair_in_order();
}
