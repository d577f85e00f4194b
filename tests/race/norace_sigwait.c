/* A signal that is waited for orders its sender before the waiter. */
// BEYOND TSAN: it sees no order between kill and sigwait
#include "pair.h"

#include <signal.h>
#include <unistd.h>

int shared;
static sigset_t signals;

static void first(void)
{
    shared = 1;
    CHECK_EQ(kill(getpid(), SIGUSR1), 0);
}

static void second(void)
{
    int signal;
    CHECK_EQ(sigwait(&signals, &signal), 0);
    CHECK_EQ(signal, SIGUSR1);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    CHECK_EQ(pthread_sigmask(SIG_BLOCK, &signals, NULL), 0);
    pair_in_order();
}
