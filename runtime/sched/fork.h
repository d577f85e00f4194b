/* A child of fork has the one thread that called it, and none of the runtime's.  Where goroutines had
 * been started before, a go statement in it would wait for them for ever: it ends the child instead.
 *
 * Not each child is told that it is one: fork runs the handlers of pthread_atfork, _Fork and a
 * system call of the program's own do not.  So the ids that Ps have taken in batches are on pages
 * which the kernel wipes in every child: no P has an id left there, and a go statement asks for
 * some, which it does seldom otherwise.  Others pay two instructions for it, of 380.
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

/* Where a P takes new ids, and so in the child's first go statement: dies in such a child. */
void goc__fork_check(void);

#endif
