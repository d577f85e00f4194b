/* Signals: masks of the runtime's threads, and a stack for handlers. */
#ifndef GOC_OS_SIGNAL_H
#define GOC_OS_SIGNAL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Block the signals of MASK and no others in the calling thread; those that were blocked before go
 * to BEFORE.  Either may be NULL. */
void goc__signals_mask(const sigset_t *mask, sigset_t *before);

/* Remember the calling thread's signal mask: the one that threads which run goroutines get. */
void goc__signals_save_mask(void);

/* Give the calling thread that mask. */
void goc__signals_restore_mask(void);

/* Let handlers with SA_ONSTACK run on SIZE bytes at STACK in this thread, unless the thread
 * has such a stack already. */
void goc__signals_set_stack(void *stack, size_t size);

/* Install HANDLER for SIGNAL, with SA_SIGINFO and SA_ONSTACK; the former action into BEFORE. */
void goc__signals_install(int signal, void (*handler)(int, siginfo_t *, void *),
                          struct sigaction *before);

/* Does SIGNAL have its default action? */
bool goc__signals_is_default(int signal);

/* Send SIGNAL to thread TID of this process.  Returns 0 or a negative errno. */
int goc__signals_send(int tid, int signal);

/* Put the default action of SIGNAL back. */
void goc__signals_default(int signal);

/* Block, let through SIGNAL in the calling thread. */
void goc__signals_block(int signal);
void goc__signals_unblock(int signal);

/* A signal in the kernel's sets. */
#define SIGNAL_BIT(number) (UINT64_C(1) << ((number) - 1))

/* Around a call for which the kernel may raise signals in the calling thread: block those of
 * SIGNALS.  Returns the mask before, for the end, which puts it
 * back; where the call RAISED one of them, it takes it back first. */
uint64_t goc__signals_hold(uint64_t signals);
void goc__signals_let_go(uint64_t signals, uint64_t before, bool raised);

/* Send the calling thread, TID, the signal of INFO with INFO: what a core file then says of it. */
void goc__signals_again(int tid, const siginfo_t *info);

/* Send thread TID SIGNAL in NS nanoseconds, once. */
void goc__signals_after(int tid, int signal, int64_t ns);

#endif
