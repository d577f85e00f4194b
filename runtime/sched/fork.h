/* A child of fork has the one thread that called it, and none of the runtime's.  Where goroutines
 * had been started before, a go statement in it would wait for them for ever: it ends the child
 * instead.
 *
 * Not each child is told that it is one: fork runs the handlers of pthread_atfork, _Fork and a
 * system call of the program's own do not.  So the ids that Ps have taken in batches are on pages
 * which the kernel wipes in every child: no P has an id left there, and a go statement asks for
 * some, which it does seldom otherwise.  Others pay two instructions for it, of 380.
 *
 * What the child's memory has of the parent's other threads stopped anywhere: with a lock in their
 * hands, or the P of the thread that forked.  A child of fork throws it away at once, and with it
 * all goroutines but the one that forked; another child does when it first meets it
 * (goc__fork_settle).
 */
#ifndef GOC_SCHED_FORK_H
#define GOC_SCHED_FORK_H

#include "sched/gmp.h"

#include <stdbool.h>

/* At the start, before there are more Ps than one. */
void goc__fork_start(void);

/* Where P number ID has its batch; PROCS_MAX is the nursery's.  After the start. */
struct batch *goc__fork_batch(uint32_t id);

/* Is this such a child?  After the start. */
bool goc__fork_is_child(void);

/* M, in the runtime, is the one M of such a child, and comes to something that others might have
 * had in their hands when it was made: its P, taken from it or borrowed, the lock, what waits for
 * Ps that nobody runs any more.  The first time, what it finds is replaced by a world that is its
 * own: its P, or a new one where that is not wholly its own, and nothing beside it.
 * Returns  true the first time in a child. */
bool goc__fork_settle(struct m *m);

/* Where a P takes new ids, and so in the child's first go statement: dies in such a child. */
void goc__fork_check(void);

#endif
