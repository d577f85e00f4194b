/* A child of fork has the one thread that called it, and none of the runtime's.  Where goroutines had
 * been started before, a go statement in it would wait for them for ever: it ends the child instead. */
#ifndef GOC_SCHED_FORK_H
#define GOC_SCHED_FORK_H

/* At the start. */
void goc__fork_start(void);

/* Where a P takes new ids, and so in the child's first go statement: dies in such a child. */
void goc__fork_check(void);

#endif
