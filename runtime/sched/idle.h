/* Sleeping and waking Ms, and the end of everything: all asleep. */
#ifndef GOC_SCHED_IDLE_H
#define GOC_SCHED_IDLE_H

#include "sched/contention.h"
#include "sched/sched.h"

/* Give M, whose P is NULL, an idle P.  False: there is none. */
bool goc__idle_take_p(struct m *m);

/* Queue G (a void pointer, to fit goc__sched_leave) globally, and wake an M if it may run.
 * From any thread in the runtime.  Returns true. */
bool goc__idle_inject(void *g);

/* Put P, which nobody holds, among the idle ones; take it out, if it is there.  Under the
 * scheduler's lock. */
void goc__idle_add_p(struct p *p);
bool goc__idle_remove_p(struct p *p);

/* Take one of the idle Ps out, under that lock; NULL: there is none. */
struct p *goc__idle_pop_p(void);

/* M's P has no work: put it among the idle ones, unless work has turned up; then M may
 * keep it or hold another one. */
void goc__idle_drop_p(struct m *m);

/* M's P and those of others cost each other more than they gain: hand all that it has to the
 * others and put it among the idle ones for a while.  False: no other P is in use. */
bool goc__idle_step_aside(struct m *m);

/* Sleep until M, which has none, holds a P. */
void goc__idle_sleep(struct m *m);

COLD void goc__idle_wake_slow(void);

/* There is more work than goes with the caller's P: if a P is idle and nobody looks for work
 * already, wake an M that does.  The look is a guess that costs two loads: a wake missed by a
 * race delays the work until its own P is free, or until the monitor's next look. */
static inline void goc__idle_wake(void)
{
    if (UNLIKELY(load_relaxed(&goc__sched.idle_p_count) != 0) &&
        load_relaxed(&goc__sched.spinning) == 0 &&
        !goc__contention_is_calm(load_relaxed(&goc__sched.coarse_now)))
        goc__idle_wake_slow();
}

/* After goc__policy_add to P, the caller's, which said MORE.  A goroutine merely handed over wakes
 * nobody, because its waker is about to park and run it; but after a thief has found one
 * that had to wait (steal.c), hand-offs of this P wake as well for a while. */
static inline void goc__hand_over(struct p *p, bool more)
{
    uint32_t eager = load_relaxed(&p->eager);
    if (LIKELY(eager == 0 && !more))
        return;
    if (eager > 0)
        store_relaxed(&p->eager, eager - 1);
    goc__idle_wake();
}

/* P, which is the caller's and held by no M, goes to an M if it has work, else it is idle. */
void goc__idle_hand_off(struct p *p);

/* A thread without a P has started a timer for WHEN: see that somebody wakes by then. */
void goc__idle_watch(int64_t when);

/* When the earliest of all timers is due. */
int64_t goc__idle_earliest(void);

#endif
