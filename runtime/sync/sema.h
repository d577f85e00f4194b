/* Counting semaphores by address: waiting and waking for everything in sync/.
 *
 * A semaphore is a word of its owner's, zero at first; who waits for it stands in a table of
 * this room.  So a mutex is two words, and needs nothing to be ready or to be thrown away.
 *
 * The word may be gone as soon as the last acquire that a release answers has returned:
 * goc__sema_release does not touch it after that.
 * No events: what a wake-up orders is for the caller to tell.
 */
#ifndef GOC_SYNC_SEMA_H
#define GOC_SYNC_SEMA_H

#include "sched/limit.h"
#include "sched/park.h"

#include <stdbool.h>
#include <stdint.h>

/* Take one from *SEMA, waiting until there is one.
 * FIRST   wait before all others, instead of after them.
 * REASON, OBJECT  what a dump says of the waiter.
 * Blocks  may park; a plain thread blocks. */
void goc__sema_acquire(uint32_t *sema, bool first, enum wait_reason reason,
                       const void *object);

/* The same, until LIMIT is reached; after all others.  False: it was, and none was taken. */
bool goc__sema_acquire_limited(uint32_t *sema, struct limit *limit,
                               enum wait_reason reason, const void *object);

/* Give one to *SEMA: to the first waiter, else to the word.  Never blocks. */
void goc__sema_release(uint32_t *sema);

#endif
