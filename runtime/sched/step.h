/* The place that is kept for a foreign event loop (goc/loop.h).
 *
 * The loop's goroutine is locked to its thread (locked.h), and a P that goes idle becomes its
 * own.  Outside of goc_step nobody holds that P, and its queues are empty: what the loop's
 * callbacks make runnable goes to the global queue, as from any thread.  In goc_step the loop's
 * M holds the P and runs goroutines as every M does, but where it would go to sleep it goes
 * back to the loop's goroutine, which stands in no queue.
 *
 * Invariants, under goc__sched.lock
 *   While the loop's P waits here and the global queue has something, the descriptor is readable or
 *   somebody with another P looks.
 *   While it waits here and no other P is idle, the descriptor becomes readable by the
 *   earliest timer.
 *   It counts as an idle P until the descriptor is readable: then there is nobody left to wake. */
#ifndef GOC_SCHED_STEP_H
#define GOC_SCHED_STEP_H

#include "sched/gmp.h"

/* The loop's goroutine, or NULL.  Who finds another's has to ask again under the scheduler's lock,
 * which orders all there is about the loop; who finds itself has written it, or came by its stack
 * after that. */
extern struct g *goc__step_g; // atomic, relaxed

static inline bool goc__step_is(const struct g *g)
{
    return UNLIKELY(load_relaxed(&goc__step_g) == g);
}

/* Under the scheduler's lock.  Keep P, which is idle from now on, for the loop; false: there is
 * none, or it has one.  Take it back: false: it is not the loop's. */
bool goc__step_keep(struct p *p);
bool goc__step_take_back(struct p *p);

/* The same: goroutines wait in the global queue, and no other P is idle; a timer started that is
 * due at WHEN. */
void goc__step_tell(void);
void goc__step_watch(int64_t when);

/* Is the step over, for the M that steps?  May the M go back, having found nothing? */
bool goc__step_is_over(struct m *m);
void goc__step_finds_nothing(struct m *m);

/* The loop's goroutine is about to sleep, and has slept. */
void goc__step_lend(void);
void goc__step_lent(void);

/* G, running on the M that steps, is to run on another one with the M's P. */
void goc__step_move_away(struct m *m);

/* The loop's goroutine has ended. */
void goc__step_forget(void);

#endif
