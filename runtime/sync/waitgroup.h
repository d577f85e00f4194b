/* A WaitGroup's wait with a limit, for the contexts above this room. */
#ifndef GOC_SYNC_WAITGROUP_H
#define GOC_SYNC_WAITGROUP_H

#include "sched/limit.h"

#include <goc/sync.h>

/* goc_waitgroup_wait for the user's call at PC, until LIMIT is reached.
 * Returns  true: the counter was zero; false: the limit was reached. */
bool goc__waitgroup_wait(goc_waitgroup *wg, struct limit *limit, const void *pc);

#endif
