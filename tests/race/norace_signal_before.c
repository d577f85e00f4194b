/* What came before the installing, the sending and the thread itself is before the
 * handler. */
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "barrier.h"
#include "check.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>

static int before_thread;
static int before_install;
static int before_kill;
static int *block;
static sem_t handled;
static struct barrier runs;

static void handle(int signal, siginfo_t *info, void *context)
{
    (void)context;
    CHECK_EQ(info->si_signo, signal);
    CHECK_EQ(before_thread + before_install + before_kill + *block, 4);
    before_kill = 2;
    sem_post(&handled);
}

static void *compute(void *unused)
{
    barrier_arrive(&runs);
    barrier_await(&runs, 2);
    return unused;
}

int main(void)
{
    pthread_t thread;
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
    sem_init(&handled, 0, 0);
    before_thread = 1;
    CHECK_EQ(pthread_create(&thread, NULL, compute, NULL), 0);
    before_install = 1;
    CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
    barrier_await(&runs, 1);
    before_kill = 1;
    block = malloc(sizeof *block);
    *block = 1;
    CHECK_EQ(pthread_kill(thread, SIGUSR1), 0);
    sem_wait(&handled);
    CHECK_EQ(before_kill, 2);
    barrier_arrive(&runs);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    free(block);
}
