/* Happens-before: how strands take and leave views at addresses.
 *
 * Each call locks the line of its address.  STRAND is the calling strand.  Every call that
 * leaves something ticks it (FastTrack's inc after release).
 */
#ifndef GOC_STATE_ORDER_H
#define GOC_STATE_ORDER_H

#include "state/strand.h"
#include "state/sync.h"

/* The meanings of goc/race.h. */
void race__order_acquire(goc_strand *strand, uintptr_t addr);
void race__order_release(goc_strand *strand, uintptr_t addr);
void race__order_release_merge(goc_strand *strand, uintptr_t addr);
void race__order_release_acquire(goc_strand *strand, uintptr_t addr);
void race__order_exchange(uintptr_t a, uintptr_t b);

/* A lock's order.  Readers see the last writer and not each other; a writer sees all. */
void race__order_lock(goc_strand *strand, uintptr_t addr, bool exclusive);
/* The same, exclusive, where nobody has had the lock since STRAND gave it back, and only
 * then: else nothing is done and the answer is false. */
bool race__order_lock_again(goc_strand *strand, uintptr_t addr);
/* The lock at ADDR may be taken from whoever holds it. */
void race__order_lock_mixed(uintptr_t addr);
void race__order_unlock(goc_strand *strand, uintptr_t addr, bool exclusive);

#endif
