/* A goroutine that has its thread to itself (goc_lock_os_thread).
 *
 * It leaves the Ps: its own goes to another M, and from then on its M is one of a plain thread
 * (thread.h), on which it alone runs and sleeps.  Waking it costs a futex, nobody queues behind
 * it, and it counts neither under goc_maxprocs nor among the runtime's threads.  Unlocked, it
 * comes back like one that was outside: it takes an idle P or queues.
 */
#ifndef GOC_SCHED_LOCKED_H
#define GOC_SCHED_LOCKED_H

#include "sched/gmp.h"

/* The locked goroutine of M, at depth 1, has ended: the thread ends with it. */
__attribute__((__noreturn__)) void goc__locked_end(struct m *m);

/* On the scheduler's stack of M, after such an end. */
__attribute__((__noreturn__)) void goc__locked_end_thread(struct m *m);

#endif
