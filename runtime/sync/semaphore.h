/* A semaphore's acquire with a limit, for the contexts above this room. */
#ifndef GOC_SYNC_SEMAPHORE_H
#define GOC_SYNC_SEMAPHORE_H

#include "sched/limit.h"

#include <goc/semaphore.h>

/* goc_semaphore_acquire until LIMIT is reached (NULL: without one).
 * Returns  true: N units were taken; false: the limit was reached, none were. */
bool goc__semaphore_acquire(goc_semaphore *s, int64_t n, struct limit *limit);

#endif
