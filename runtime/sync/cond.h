/* A cond's wait with a limit, for the contexts above this room. */
#ifndef GOC_SYNC_COND_H
#define GOC_SYNC_COND_H

#include "sched/limit.h"

#include <goc/sync.h>

/* goc_cond_wait for the user's call at PC, until LIMIT is reached (NULL: without one).
 * Returns  true: signalled; false: the limit was reached.  The mutex is locked either way. */
bool goc__cond_wait(goc_cond *c, struct limit *limit, const void *pc);

#endif
