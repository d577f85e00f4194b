/* A signal that ends the process says first where it came from. */
#ifndef GOC_DEBUG_FAULT_H
#define GOC_DEBUG_FAULT_H

#include <signal.h>
#include <stdbool.h>

/* Install handlers for what nobody handles of SIGBUS, SIGFPE, SIGILL and SIGABRT.  CRASHES: SIGSEGV
 * is somebody's already, who then hears of SIGABRT from himself. */
void goc__fault_start(bool crashes);

/* In a handler, first: is the calling thread the one that reports a fault, and has met another?
 * Then the process ends, or the report goes on without what failed. */
void goc__fault_again(const siginfo_t *info);

/* In a handler: report the signal of INFO, and see to it that the process dies of it when the
 * handler returns. */
void goc__fault_report(const siginfo_t *info, void *context);

/* For the monitor: do what a thread in goc__fault_report waits for. */
void goc__fault_poll(void);

#endif
