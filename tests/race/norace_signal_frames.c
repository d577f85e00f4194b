/* What a handler hands on of its frame, in order, is no race; nor are frames of others, before and
 * after it, in the same place: on a thread's stack, a goroutine's, and one of its own. */
// PROCS: 1 2
// BEYOND TSAN: a handler is no party of its own there.
#include "interrupt.h"

#include <goc.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { BYTES = 64 };

static _Atomic(int *) handed; // to the helper, which gives NULL back
static atomic_bool over;

static void *help(void *unused)
{
    while (!atomic_load_explicit(&over, memory_order_relaxed)) {
        int *where = atomic_load_explicit(&handed, memory_order_acquire);
        if (!where) {
            sched_yield();
            continue;
        }
        for (int i = 0; i < BYTES; i++)
            where[i]++;
        atomic_store_explicit(&handed, NULL, memory_order_release);
    }
    return unused;
}

__attribute__((__noinline__)) static int hand_on(int value)
{
    int mine[BYTES] = {0};
    mine[0] = value;
    atomic_store_explicit(&handed, mine, memory_order_release);
    while (atomic_load_explicit(&handed, memory_order_acquire))
        sched_yield(); // the helper may have no other CPU
    return mine[0];
}

static void handle(int signal)
{
    if (hand_on(signal) != signal + 1)
        abort();
    interrupt_handled();
}

/* Uses the stack as deep as the handler does. */
__attribute__((__noinline__)) static int use_stack(int depth)
{
    volatile int deep[BYTES * 4];
    for (int i = 0; i < BYTES * 4; i++)
        deep[i] = depth;
    return depth == 0 ? deep[7] : use_stack(depth - 1) + hand_on(depth);
}

static void *work(void *unused)
{
    CHECK_EQ(use_stack(3), 3 + 1 + 2 + 3);
    interrupt(SIGUSR1);
    CHECK_EQ(use_stack(3), 3 + 1 + 2 + 3);
    interrupt(SIGUSR1);
    interrupt(SIGUSR2); // on the thread's signal stack, if it has one
    CHECK_EQ(use_stack(3), 3 + 1 + 2 + 3);
    return unused;
}

static void work_as_goroutine(goc_waitgroup *done)
{
    work(NULL);
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    pthread_t helper;
    CHECK_EQ(pthread_create(&helper, NULL, help, NULL), 0);
    pthread_t sender = interrupt_start();
    struct sigaction apart = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    CHECK_EQ(sigaction(SIGUSR2, &apart, NULL), 0);
    work(NULL);
    for (int i = 0; i < 3; i++) {
        goc_waitgroup_add(&done, 1);
        go work_as_goroutine(&done);
        goc_waitgroup_wait(&done);
    }
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, work, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    interrupt_stop(sender);
    atomic_store_explicit(&over, true, memory_order_relaxed);
    CHECK_EQ(pthread_join(helper, NULL), 0);
}
