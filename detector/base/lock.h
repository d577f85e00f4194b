/* A lock for a few instructions' worth of work, which emits no event.
 *
 * Sleeps on a futex when the owner was preempted.  Not recursive.  A signal handler never
 * takes one that the thread it interrupted holds: the entry room keeps handlers out of
 * the detector while their thread is inside it.
 */
#ifndef GOC_DETECTOR_BASE_LOCK_H
#define GOC_DETECTOR_BASE_LOCK_H

#include "base/atomic.h"
#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct race__lock {
    uint32_t word; // atomic: 0 free, 1 held, 2 held and somebody may sleep
};

void race__lock_slow(struct race__lock *lock);
void race__unlock_slow(struct race__lock *lock);

static inline void race__lock(struct race__lock *lock)
{
    uint32_t expected = 0;
    if (unlikely(!cas_acquire(&lock->word, &expected, 1)))
        race__lock_slow(lock);
}

static inline void race__unlock(struct race__lock *lock)
{
    if (unlikely(exchange_release(&lock->word, 0) == 2))
        race__unlock_slow(lock);
}

/* Inside a loop that waits for a lock bit: first spins, then gives up the CPU.
 * SPINS counts the turns and starts at 0.  Answers true where the lock may be taken though
 * it is held: this process was forked, and who held the lock is in the parent only. */
bool race__backoff(unsigned *spins);

/* The process has just been forked.  What its parent's threads held at that moment are orphans:
 * while it has one thread, whatever is held; later, what nobody gives back for seconds. */
void race__lock_orphans(void);
/* The process is about to have another thread. */
void race__lock_others(void);

/* For a fork: take or give back a lock that is held across it. */
static inline void race__lock_hold(struct race__lock *lock, bool hold)
{
    if (hold)
        race__lock(lock);
    else
        race__unlock(lock);
}

#endif
