/* A lock that blocks the OS thread, for the few instructions that guard a queue.
 *
 * Zero is unlocked.  Never held across a park, except as the LOCK of goc__park, whose
 * UNLOCK function then releases it.  A futex mutex in three states after Drepper,
 * "Futexes Are Tricky"; spins shortly first.  While a goroutine holds one, its P is not
 * taken away.
 */
#ifndef GOC_SCHED_LOCK_H
#define GOC_SCHED_LOCK_H

#include <stdint.h>

struct lock {
    uint32_t state; /* 0 free, 1 held, 2 held with sleepers; atomic */
};

void goc__lock(struct lock *lock);
void goc__unlock(struct lock *lock);

#endif
