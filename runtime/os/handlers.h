/* Signal handlers, away from goroutines' stacks.
 *
 * A signal's frame takes 3 KiB and more, and the handler what it likes.  Once
 * goc__handlers_move was called, every handler of the program runs on the thread's signal stack
 * where the thread has one, as if it had been installed with SA_ONSTACK; sigaction, signal and
 * their kind are the program's own names for that, and say what the program has said.
 *
 * They are linked into programs that have a use for them (sched/reach.c), and do nothing of the
 * kind in a library without small stacks.
 */
#ifndef GOC_OS_HANDLERS_H
#define GOC_OS_HANDLERS_H

/* From now on.  Returns 0; -ENOSYS where libc gives no way to do it. */
int goc__handlers_move(void);

#endif
