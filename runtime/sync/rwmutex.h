/* What tests of sync/rwmutex.c need beside the public functions. */
#ifndef GOC_SYNC_RWMUTEX_H
#define GOC_SYNC_RWMUTEX_H

#include <goc/sync.h>

/* Bias M, which the caller has read-locked by common means, to the calling thread (bias.h), if
 * that can be now. */
void goc__rwmutex_bias(goc_rwmutex *m);

#endif
