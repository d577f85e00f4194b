/* Timers: a function called once a time has passed.  One 4-ary heap, wheel and lock a P.
 *
 * Who fires them: the M that holds the P, at every full look around; any M that found no
 * other work, for every P; when all sleep, the one among them that sleeps until the
 * earliest (idle.c).
 *
 * Lock order: a heap's lock comes before any lock that a FIRE function takes.
 */
#ifndef GOC_SCHED_TIMERS_H
#define GOC_SCHED_TIMERS_H

#include "base/heap.h"
#include "sched/bubble.h"
#include "sched/lock.h"
#include "sched/wheel.h"

#include <stdbool.h>
#include <stdint.h>

#define TIMER_NEVER INT64_MAX

struct g;
struct p;

struct timers {
    struct lock lock;
    struct heap heap;   /* lock: what is due soon, and what is beyond the wheel's span */
    struct wheel wheel; /* lock: the rest, where the heap alone would be large */
    int64_t earliest; // atomic, written under lock: none is due before; TIMER_NEVER: none
};

struct timer {
    struct heap_node node; /* home's lock */
    struct bubble
        *bubble; /* const: by whose clock it goes (bubble.h); NULL: the real one */
    const struct g
        *waiter; /* const while armed: parked, and whom FIRE readies; NULL: none such */
    struct timers *home; // atomic, written under home's lock: where it is armed
    int64_t period;      /* const while armed: fires again so much later; 0: fires once */
    /* Runs in the runtime, under the heap's lock, on whichever thread noticed; NOW is a time
     * not before the timer's.  May ready and take locks; must not park, nor start or stop
     * timers.  A timer without a period is out of the heap: whoever FIRE readies may reuse or
     * free it.  One with a period stays, until it is stopped. */
    void (*fire)(struct timer *timer, int64_t now);
};

/* Make *TIMER ready to be started, by the real clock whoever calls: in no heap. */
static inline void goc__timer_init_real(struct timer *timer,
                                        void (*fire)(struct timer *timer, int64_t now))
{
    heap_node_init(&timer->node);
    timer->bubble = 0;
    timer->waiter = 0;
    timer->home = 0;
    timer->period = 0;
    timer->fire = fire;
}

/* The same, by the caller's clock (bubble.h). */
static inline void goc__timer_init(struct timer *timer,
                                   void (*fire)(struct timer *timer, int64_t now))
{
    goc__timer_init_real(timer, fire);
    if (goc__bubble_any())
        timer->bubble = goc__bubble_self();
}

/* D from now, by the caller's clock: a time to start a timer for.  Neither negative nor
 * never. */
int64_t goc__timer_when(int64_t d);

/* Fire TIMER, which is not armed, once its clock reaches WHEN.  Any thread; not under a
 * lock that a fire function takes. */
void goc__timer_start(struct timer *timer, int64_t when);

/* Returns true when TIMER was armed and now will not fire.  False: it was not armed, or its
 * fire function has returned.  Any thread; not under a lock that a fire function takes. */
bool goc__timer_stop(struct timer *timer);

/* Fire what of TIMERS is due at NOW. */
void goc__timers_run(struct timers *timers, int64_t now);

/* For the scheduler: fire what of TIMERS is due at NOW, as far as the ring of P, the caller's, has
 * room for what they ready, and one at least.  The rest stays due, in order, in the heap, where any
 * P may fire it, rather than go round by the global queue.
 * Returns  whether any fired. */
bool goc__timers_run_some(struct timers *timers, int64_t now, const struct p *p);

void goc__timers_init(struct timers *timers);

/* For a heap that is no P's: put TIMER into TIMERS; take all out, unfired. */
void goc__timers_add(struct timers *timers, struct timer *timer, int64_t when);
void goc__timers_clear(struct timers *timers);

/* Move all of FROM's timers to TO.  The order of the locks is FROM, TO: TO is the first P's heap,
 * FROM never is. */
void goc__timers_move(struct timers *to, struct timers *from);

#endif
