/* Two handlers that block each other's signals; a handler's own frames, which lie where its
 * thread's were and will be; and many signals into the middle of the detector. */
// BEYOND TSAN: it lets handlers run when their thread calls something that waits.
#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

enum { SIGNALS = 2000, WORDS = 512 };

static int shared;
static atomic_int came;
static int memory[WORDS];

__attribute__((__noinline__)) static void fill(int *at, int value)
{
    for (int i = 0; i < WORDS; i++)
        at[i] = value + i;
}

static void handle(int signal)
{
    int mine[WORDS];
    fill(mine, signal);
    shared += mine[WORDS - 1];
    atomic_fetch_add(&came, 1);
}

static void *send(void *thread)
{
    for (int i = 0; i < SIGNALS; i++)
        CHECK_EQ(pthread_kill(*(pthread_t *)thread, i % 2 ? SIGUSR1 : SIGUSR2), 0);
    atomic_fetch_add(&came, SIGNALS);
    return NULL;
}

int main(void)
{
    pthread_t self = pthread_self();
    pthread_t thread;
    struct sigaction action = {.sa_handler = handle};
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGUSR1);
    sigaddset(&action.sa_mask, SIGUSR2);
    CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
    CHECK_EQ(sigaction(SIGUSR2, &action, NULL), 0);
    CHECK_EQ(pthread_create(&thread, NULL, send, &self), 0);
    while (atomic_load(&came) < SIGNALS) {
        int mine[WORDS];
        fill(mine, 1);
        fill(memory, mine[1]);
    }
    CHECK_EQ(pthread_join(thread, NULL), 0);
}
