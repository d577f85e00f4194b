/* Signals from a thread that knows nothing but what came before interrupt_start, so that they
 * order nothing else: whom they interrupt asks for them without telling a detector.
 *
 * A handler that they call ends with interrupt_handled.
 */
#ifndef TESTS_RACE_INTERRUPT_H
#define TESTS_RACE_INTERRUPT_H

#include "barrier.h"
#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#define UNSEEN __attribute__((__noinline__, __no_sanitize__("thread")))

static struct {
    pthread_t thread;
    int signal; // 0: no more
    unsigned count;
    struct barrier asked;
    struct barrier handled;
} interrupts; // of one strand at a time

UNSEEN static void *interrupt_send(void *unused)
{
    for (unsigned i = 1;; i++) {
        barrier_await(&interrupts.asked, i);
        if (interrupts.signal == 0)
            return unused;
        CHECK_EQ(pthread_kill(interrupts.thread, interrupts.signal), 0);
    }
}

static inline pthread_t interrupt_start(void)
{
    pthread_t sender;
    CHECK_EQ(pthread_create(&sender, NULL, interrupt_send, NULL), 0);
    return sender;
}

UNSEEN static inline void interrupt_stop(pthread_t sender)
{
    interrupts.signal = 0;
    barrier_arrive(&interrupts.asked);
    CHECK_EQ(pthread_join(sender, NULL), 0);
}

UNSEEN static inline void interrupt_ask(pthread_t thread, int signal)
{
    interrupts.thread = thread;
    interrupts.signal = signal;
    interrupts.count++;
    barrier_arrive(&interrupts.asked);
}

/* SIGNAL interrupts the caller, who keeps its thread, and has been handled when this returns. */
UNSEEN static inline void interrupt(int signal)
{
    interrupt_ask(pthread_self(), signal);
    while (!barrier_reached(&interrupts.handled, interrupts.count))
        sched_yield(); // the sender may have no other CPU
}

static inline void interrupt_handled(void)
{
    barrier_arrive(&interrupts.handled);
}

#endif
