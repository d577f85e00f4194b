/* Atomics order a handler and its thread as they order any two; so do fences of the two. */
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "check.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

static int data;
static atomic_int ready;
static int more;
static volatile sig_atomic_t more_ready;

static void handle(int signal)
{
    (void)signal;
    if (atomic_load(&ready) == 0) {
        data = 1;
        atomic_store(&ready, 1);
        more = 1;
        atomic_signal_fence(memory_order_release);
        more_ready = 1;
    }
}

int main(void)
{
    struct sigaction action = {.sa_handler = handle};
    struct itimerval soon = {.it_value = {.tv_usec = 1000}};
    CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
    CHECK_EQ(setitimer(ITIMER_REAL, &soon, NULL), 0);
    while (atomic_load(&ready) == 0)
        ;
    CHECK_EQ(data, 1);
    while (!more_ready)
        ;
    atomic_signal_fence(memory_order_acquire);
    CHECK_EQ(more, 1);
}
