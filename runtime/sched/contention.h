/* When Ps get in each other's way.
 *
 * Goroutines that all use one channel or one mutex run slower on two Ps than on one: each
 * operation fetches the lock's and the data's lines from the other core (some 120 ns a line,
 * against 20 ns for the operation), and thieves spread such goroutines wherever there is an
 * idle P.  So each P counts how often it found a lock taken, and for how long it waited then (not
 * beside a detector: lock.c): where a line takes long from one core to the other the two take
 * turns, each for many operations, and the waits are few but long.  Where they have cost it more
 * than half of its time, more than running alone could, it hands what it has to the others and
 * steps aside for a while, which doubles when the same comes up again soon.
 *
 * The counts are the P's owner's; calm_until is written under the sched lock.
 */
#ifndef GOC_SCHED_CONTENTION_H
#define GOC_SCHED_CONTENTION_H

#include "sched/sched.h"

enum {
    CONTENTION_MANY = 64, /* meetings before it is worth a look at the clock */
    CONTENTION_WAIT_MOST_NS =
        2500, /* more is somebody else's doing: who has the lock has no CPU */
};

/* The calling thread, in the runtime, has found a lock taken by another one, and waited for it for
 * WAITED_NS, where that is known; else 0. */
static inline void goc__contention_note(int64_t waited_ns)
{
    struct p *p = goc__m()->p;
    if (p == NULL)
        return;
    p->contended_ns +=
        waited_ns < CONTENTION_WAIT_MOST_NS ? waited_ns : CONTENTION_WAIT_MOST_NS;
    if (++p->contended % CONTENTION_MANY == 0)
        fetch_or_relaxed(&p->attention, (uint32_t)ATTENTION_CONTENDED);
}

/* The same for a thread that may be outside the runtime: a mutex of the program's is taken. */
void goc__contention_met(void);

/* Have the meetings that P has counted, in ELAPSED_NS, cost it more than half of that? */
bool goc__contention_outweighs(const struct p *p, int64_t elapsed_ns);

/* Has P, the caller's, lost more than half of its time since the last call that was worth a
 * look? */
bool goc__contention_is_costly(struct p *p);

/* Under goc__sched.lock: from now on Ps stay idle for a while. */
void goc__contention_calm(void);

/* Should an idle P stay so at NOW, although there is work?  A guess. */
static inline bool goc__contention_is_calm(int64_t now)
{
    return now < load_relaxed(&goc__sched.calm_until);
}

#endif
