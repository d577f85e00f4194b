/* The Ps: how many there are, and what they hold together. */
#ifndef GOC_SCHED_PROCS_H
#define GOC_SCHED_PROCS_H

#include "sched/gmp.h"

/* Make the first P, M's or (NULL) nobody's, and note COUNT as goc_maxprocs(); the others are made
 * by goc__procs_fill, before the first goroutine starts. */
void goc__procs_start(struct m *m, uint32_t count);
void goc__procs_fill(void);

/* M was asked to give up its P, because goc_maxprocs shrank.  False: it may keep it. */
bool goc__procs_retire(struct m *m);

/* In a child of fork M is the only M: forget all Ps and what they shared, and give M a new one;
 * where it belongs to one goroutine that is idle.  KEEPS: M keeps its P, unless that is not wholly
 * its own. */
void goc__procs_orphan(struct m *m, bool keeps);

/* Move P's timers to where they are looked after, P being out of use and the caller's.  Not under
 * the scheduler's lock, which comes after the heaps' (a fire function readies). */
void goc__procs_rescue_timers(struct p *p);

/* The first of COUNT goroutine ids that nobody else gets. */
uint64_t goc__procs_ids(uint32_t count);

/* Goroutines that were started and have not ended. */
int64_t goc__procs_live(void);

/* A P that never runs anything, under a lock: threads without a P take its free
 * goroutines and ids. */
struct p *goc__procs_lock_nursery(void);
void goc__procs_unlock_nursery(void);

#endif
