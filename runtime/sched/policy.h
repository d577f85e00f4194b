/* Which runnable goroutine runs next: the one place that decides it.
 *
 * The scheduler hands every goroutine that becomes runnable to goc__policy_add and asks
 * goc__policy_next for the one to run; nothing else looks into a P's queues for that.  A
 * controlled policy (seeded, replayed) defines these functions otherwise.
 *
 * The policy here is Go's, but for newborns.  The goroutine readied last runs next: it is what
 * its waker talks to, and its data is in the cache.  The one it displaces, and who yields, go to
 * the end of the ring.  One just spawned waits as newborn.h says, where Go has it run next.
 * Every LOOK_AROUND decisions the answer is NULL, and the scheduler looks at timers and at the
 * global queue and takes the oldest of the ring or of the newborns, so that neither two
 * goroutines that wake each other nor the younger families keep the rest from running.
 */
#ifndef GOC_SCHED_POLICY_H
#define GOC_SCHED_POLICY_H

#include "sched/newborn.h"
#include "sched/runq.h"

enum { LOOK_AROUND = 64 }; /* Go's is 61; a power of two needs no counter of its own */

enum policy_reason { POLICY_READIED, POLICY_SPAWNED, POLICY_YIELDED };

/* G, which nobody has queued, may run on P, the caller's.
 * Returns  true when P now holds more work than one goroutine handed over to: somebody else
 *          might take some. */
static inline bool goc__policy_add(struct p *p, struct g *g, enum policy_reason reason)
{
    if (reason == POLICY_YIELDED) {
        goc__runq_push(p, g);
        return false;
    }
    struct g *displaced = load_relaxed(&p->runnext);
    store_relaxed(&p->runnext, g);
    if (displaced == NULL)
        return goc__runq_length(p) > 0;
    goc__runq_push(p, displaced);
    return true;
}

/* The goroutine of P, the caller's, to run next.  NULL: P has none, or a look around is due.
 * HEIR  NULL, or a goroutine at its end whose stack a newborn may take over, and is then
 *       what is returned. */
static inline struct g *goc__policy_next(struct p *p, struct g *heir)
{
    uint32_t tick = load_relaxed(&p->tick) + 1;
    store_relaxed(&p->tick, tick);
    if (UNLIKELY(tick % LOOK_AROUND == 0 || load_relaxed(&p->attention) != 0))
        return NULL;
    struct g *g = load_relaxed(&p->runnext);
    if (g != NULL) {
        store_relaxed(&p->runnext, (struct g *)NULL);
        return g;
    }
    return goc__newborn_is_due(p) ? goc__newborn_start(p, heir) : goc__runq_pop(p);
}

/* At a look around: the oldest first, from the global queue, then from P's own. */
struct g *goc__policy_look_around(struct p *p);

#endif
