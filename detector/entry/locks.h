/* Locks beside their order: nestings, deadlocks, misuse.
 *
 * The interceptors of pthreads' locks use it, and the events of a runtime's.
 */
#ifndef GOC_DETECTOR_ENTRY_LOCKS_H
#define GOC_DETECTOR_ENTRY_LOCKS_H

#include "state/waiting.h"

#include <goc/race.h>

/* For events, inside the detector: STRAND, which held HELD, has taken the lock at ADDR and
 * waited for it, if need was; or it will, as a wait for a condition takes its mutex again. */
void race__lock_nested(goc_strand *strand, uint32_t held, const void *addr,
                       bool exclusive, uint32_t leaf);

/* The lock at ADDR, which the current strand is about to take, may come to another while the
 * strand has it. */
void race__lock_mixed(const void *addr);

/* The current strand gives back the lock at ADDR, as race__on_unlock.  False where it is
 * known that the strand has not taken it. */
bool race__lock_release(const void *addr, bool exclusive, const void *pc);
/* A wait for a condition has given back the mutex at ADDR, and will take it again. */
void race__lock_will_return(const void *addr, const void *pc);

/* The current strand has found the lock at ADDR taken, and is about to block until it gets
 * it, however long that takes.  OWN says that the lock would know the calling thread for
 * its owner, if it has one; REFUSES, that it then answers with an error.  A deadlock that
 * this is, or closes, is reported; unless halt_on_deadlock is 0 the process then ends.
 * True: race__lock_unblocks follows, before race__on_lock. */
struct race__block {
    const void *addr;
    const char *kind;
    const void *pc;
    bool exclusive;
    bool own;
    bool refuses;
};
bool race__lock_blocks(struct race__wait *wait, const struct race__block *block);
void race__lock_unblocks(struct race__wait *wait);

/* Misuse of the lock at ADDR by the current strand at PC, reported with whoever holds it. */
enum race__misuse {
    RACE_UNLOCK_OF_UNLOCKED,
    RACE_UNLOCK_BY_OTHER,
    RACE_DESTROY_OF_LOCKED,
    RACE_USE_OF_DESTROYED,
};
void race__lock_misused(enum race__misuse misuse, const void *addr, const char *kind,
                        const void *pc);
/* The lock at ADDR has been destroyed. */
void race__lock_destroyed(const void *addr, const void *pc);

/* The current strand signals the condition at ADDR, or has been woken by it: order that
 * counts for the question which nestings can meet, and for nothing else. */
void race__lock_signal(const void *addr);
void race__lock_signal_seen(const void *addr);

/* The end of the process: deadlocks that stand. */
void race__locks_at_exit(void);

#endif
