/* Bubbles: goroutines with a clock of their own, for tests (goc/synctest.h).
 *
 * Members are the goroutine that goc_synctest_run starts and whatever members start.  The
 * caller of run is the root: it is no member, sleeps while members run, and moves the clock.
 *
 * A member is durably blocked while it is parked where only members can wake it: it parked
 * with WAIT_DURABLE.  RUNNING counts the others, and the root while it moves the clock.
 *
 * Invariants
 *   A member counts from before it can run until it is off its stack and somebody may ready
 *   it; who readies one that is durably blocked counts it first, and is counted itself.  So
 *   RUNNING may be too high for a moment, never too low, and once it is 0 it stays 0 until
 *   whoever took it there picks the one that goes on: who waits in goc_synctest_wait, else
 *   the root.
 *   NOW changes only while the root alone is counted, so a member sees it stand still.
 *   A bubble's lock comes after all others.
 *   Bubbles are never unmapped: a timer may be stopped after the run that it belonged to.
 *
 * What programs without bubbles pay is a load of goc__synctest_bubbles, or of g->bubble where
 * that line is in use anyway.
 *
 * After Go's testing/synctest. */
#ifndef GOC_SCHED_BUBBLE_H
#define GOC_SCHED_BUBBLE_H

#include "base/atomic.h"
#include "os/clock.h"
#include "sched/park.h"

#include <stdbool.h>
#include <stdint.h>

struct bubble;
struct g;
struct timer;

/* How many runs are under way; the public headers look at it too. */
extern uint32_t goc__synctest_bubbles; // atomic

static inline bool goc__bubble_any(void)
{
    return __builtin_expect(load_relaxed(&goc__synctest_bubbles) != 0, false);
}

/* The number of the bubble that the caller is a member of; 0: none. */
uint32_t goc__bubble_id_slow(void);
static inline uint32_t goc__bubble_id(void)
{
    return goc__bubble_any() ? goc__bubble_id_slow() : 0;
}

/* The caller's clock: a member's bubble's, else goc__clock_now(). */
int64_t goc__bubble_now_slow(void);
static inline int64_t goc__bubble_now(void)
{
    return goc__bubble_any() ? goc__bubble_now_slow() : goc__clock_now();
}

/* TIME on the caller's clock as one on goc__clock_now()'s, for what bubbles have no hold on. */
int64_t goc__bubble_real_slow(int64_t time);
static inline int64_t goc__bubble_real(int64_t time)
{
    return goc__bubble_any() ? goc__bubble_real_slow(time) : time;
}

/* REASON as goc__park takes it from a member of which it holds that only members can wake it,
 * where DURABLE; from everybody else it is just REASON. */
static inline enum wait_reason goc__bubble_reason(enum wait_reason reason, bool durable)
{
    return durable && goc__bubble_id() != 0 ? (enum wait_reason)(reason | WAIT_DURABLE)
                                            : reason;
}

/* Something of bubble ID (not 0) is about to be used: panic, unless the caller is a member.
 * WHAT    "send on synctest channel": "… from outside bubble" follows. */
void goc__bubble_check(uint32_t id, const char *what);

/* ---- for the scheduler ----------------------------------------------------------------- */

struct bubble *goc__bubble_self(void);
uint32_t goc__bubble_number(const struct bubble *bubble);

/* G, new, is a member from now on; or was one and has ended, on its own stack. */
void goc__bubble_join(struct bubble *bubble, struct g *g);
void goc__bubble_end(struct g *g);

/* A member's goc__park with WAIT_DURABLE: its UNLOCK and LOCK become these, of which the second
 * is PARKING's address. */
struct bubble_parking {
    bool (*unlock)(void *lock);
    void *lock;
    struct g *g;
};
void goc__bubble_parks(struct g *g);
bool goc__bubble_parked(void *parking);

/* G, which is durably blocked, is being readied by the caller. */
void goc__bubble_ready(struct g *g);

/* Start TIMER of BUBBLE for WHEN on its clock. */
void goc__bubble_timer_start(struct bubble *bubble, struct timer *timer, int64_t when);

#endif
