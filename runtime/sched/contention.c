#include "sched/contention.h"

#include "os/clock.h"
#include "sched/claim.h"

/* What each costs: the lock's line there and back, and those of what it guards.  Eight senders and eight
 * receivers of one channel find its lock taken every 200 to 500 ns where two Ps go on, and take 50 to
 * 150 ns an element; 20 where one steps aside.  Beside a detector there are the lines of all that the
 * channel and the two goroutines know of others besides: 380 to 650 ns an element, and 80 to 150. */
#ifdef GOC_RACE
#define MEETING_NS INT64_C(2500)
#else
#define MEETING_NS INT64_C(250)
#endif
#define STALE_NS INT64_C(100000000) /* a count that took this long says nothing */
#define CALM_LEAST_NS INT64_C(1000000)
#define CALM_MOST_NS INT64_C(64000000)

void goc__contention_met(void)
{
    struct m *m = goc__enter();
    goc__contention_note();
    goc__leave(m);
}

bool goc__contention_is_costly(struct p *p)
{
    int64_t now = goc__clock_now();
    int64_t elapsed = now - p->contended_since;
    int64_t cost = p->contended * MEETING_NS;
    p->contended = 0;
    p->contended_since = now;
    return elapsed < STALE_NS && 2 * cost > elapsed;
}

void goc__contention_calm(void)
{
    int64_t now = goc__clock_now();
    int64_t calm = goc__sched.calm_ns;
    bool soon = now - load_relaxed(&goc__sched.calm_until) < 4 * calm;
    calm = soon ? 2 * calm : CALM_LEAST_NS;
    if (calm > CALM_MOST_NS)
        calm = CALM_MOST_NS;
    goc__sched.calm_ns = calm;
    store_relaxed(&goc__sched.calm_until, now + calm);
}
