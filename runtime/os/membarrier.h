/* An asymmetric fence: free on the side that runs often, a system call on the other.
 *
 *   often:  store A; compiler_barrier(); load B
 *   seldom: store B; goc__barrier_heavy(); load A
 *
 * At least one side sees the other's store.  The heavy side makes every CPU that runs a
 * thread of this process pass a full fence between any two instructions of that thread,
 * so the light side's store is either visible before the call returns or comes after it,
 * and so then does its load.  Linux: membarrier(2), PRIVATE_EXPEDITED.  Where the kernel
 * refuses that, a change of a page's protection, whose TLB shootdown interrupts the same
 * CPUs.
 */
#ifndef GOC_OS_MEMBARRIER_H
#define GOC_OS_MEMBARRIER_H

#include <stdbool.h>

/* Register this process with the kernel, unless that is done.  Any time, from any thread.
 * Returns whether the barrier is membarrier(2)'s: then it may be used from now on. */
bool goc__barrier_register(void);

/* Make the barrier ready, whichever it is; once, before the first heavy one that does not follow
 * a goc__barrier_register that said yes. */
void goc__barrier_start(void);

void goc__barrier_heavy(void);

#endif
