/* A handler on one thread, and another thread. */
#include "barrier.h"
#include "check.h"

#include <pthread.h>
#include <signal.h>

static volatile sig_atomic_t shared; // a thread is no handler
static struct barrier step;

static void handle(int signal)
{
    (void)signal;
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
}

static void *other(void *unused)
{
    barrier_await(&step, 1);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    CHECK_EQ(pthread_create(&thread, NULL, other, NULL), 0);
    CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}
