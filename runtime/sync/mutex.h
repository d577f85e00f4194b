/* A mutex without events, for the other files of sync/ that tell their own. */
#ifndef GOC_SYNC_MUTEX_H
#define GOC_SYNC_MUTEX_H

#include "sched/park.h"

#include <goc/sync.h>

/* What reports call the locks of this room. */
#define MUTEX_KIND "goc_mutex"
#define RWMUTEX_KIND "goc_rwmutex"

/* As goc_mutex_lock and the like.  REASON and OBJECT are what a dump says of a waiter. */
void goc__mutex_lock(goc_mutex *m, enum wait_reason reason, const void *object);
bool goc__mutex_trylock(goc_mutex *m);
void goc__mutex_unlock(goc_mutex *m);

/* Bias M, which the caller has locked, to the calling thread (bias.h), if that can be now. */
void goc__mutex_bias(goc_mutex *m);

#endif
