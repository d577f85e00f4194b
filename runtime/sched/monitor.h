/* The monitor: a thread without a P that looks at all Ps now and then. */
#ifndef GOC_SCHED_MONITOR_H
#define GOC_SCHED_MONITOR_H

#include "base/atomic.h"

#include <stdint.h>

void goc__monitor_start(void);

/* How many threads the monitor has: 0 before its start, then 1. */
int goc__monitor_threads(void);

extern uint32_t goc__monitor_sleeps; // atomic: 1 while the monitor sleeps until nudged

/* For the monitor: sleep until nudged, unless a P is in use. */
void goc__monitor_sleep(void);
void goc__monitor_wake(void);

/* A P has come out of idleness: there is something to look at again. */
static inline void goc__monitor_nudge(void)
{
    fence_seq_cst(); /* pairs with the monitor's, goc__monitor_sleep */
    if (__builtin_expect(load_relaxed(&goc__monitor_sleeps) != 0, 0))
        goc__monitor_wake();
}

#endif
