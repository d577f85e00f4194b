/* A handler sets a timer, as POSIX lets it, and comes while its thread is at the same: neither
 * waits for the other for ever. */
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

enum { SIGNALS = 5000 };

static timer_t timer;
static atomic_int handled;
static pthread_t receiver;

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

static void *send(void *unused)
{
    for (int i = 0; i < SIGNALS; i++) {
        CHECK_EQ(pthread_kill(receiver, SIGUSR1), 0);
        while (atomic_load(&handled) == i)
            ;
    }
    return unused;
}

int main(void)
{
    struct sigevent nothing = {.sigev_notify = SIGEV_NONE};
    struct sigaction action = {.sa_handler = handle};
    pthread_t sender;
    CHECK_EQ(timer_create(CLOCK_MONOTONIC, &nothing, &timer), 0);
    CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
    receiver = pthread_self();
    CHECK_EQ(pthread_create(&sender, NULL, send, NULL), 0);
    while (atomic_load(&handled) < SIGNALS)
        set();
    CHECK_EQ(pthread_join(sender, NULL), 0);
}
