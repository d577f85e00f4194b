/* Two handlers of which neither blocks the other's signal. */
// BEYOND TSAN: a handler is no party of its own there.
#include "barrier.h"
#include "check.h"

#include <pthread.h>
#include <signal.h>

int shared;
static volatile sig_atomic_t came;
static struct barrier step; // which of the two comes first

static void first(int signal)
{
    (void)signal;
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    came++;
    barrier_arrive(&step);
}

static void second(int signal)
{
    (void)signal;
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    came++;
}

static void *send(void *thread)
{
    CHECK_EQ(pthread_kill(*(pthread_t *)thread, SIGUSR1), 0);
    barrier_await(&step, 1);
    CHECK_EQ(pthread_kill(*(pthread_t *)thread, SIGUSR2), 0);
    return NULL;
}

int main(void)
{
    pthread_t self = pthread_self();
    pthread_t thread;
    CHECK(signal(SIGUSR1, first) == SIG_DFL);
    CHECK(signal(SIGUSR2, second) == SIG_DFL);
    CHECK_EQ(pthread_create(&thread, NULL, send, &self), 0);
    while (came < 2)
        ;
    CHECK_EQ(pthread_join(thread, NULL), 0);
}
