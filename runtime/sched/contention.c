#include "sched/contention.h"

#include "os/clock.h"
#include "sched/claim.h"

/* What each costs at the least: the lock's line there and back, and those of what it guards.  Eight
 * senders and eight receivers of one channel find its lock taken every 200 to 500 ns where two Ps
 * go on, and take 50 to 150 ns an element; 20 where one steps aside.  Beside a detector there are
 * the lines of all that the channel and the two goroutines know of others besides: 380 to 650 ns an
 * element, and 80 to 150. */
#ifdef GOC_RACE
#define MEETING_NS INT64_C(2500)
#else
#define MEETING_NS INT64_C(250)
#endif
/* And what each costs that has waited: the wait, and the lines again, which take longer where the
 * wait does.  Those goroutines wait 160 ns of the 460 that a meeting costs them; where lines take
 * so long that the two Ps take turns, 600 to 900 every 1.8 to 4.8 us, of 1.5 us and more. */
#define COST_OF_WAIT 3
#define STALE_NS INT64_C(100000000) /* a count that took this long says nothing */
#define CALM_LEAST_NS INT64_C(1000000)
#define CALM_MOST_NS INT64_C(64000000)

void goc__contention_met(void)
{
    struct m *m = goc__enter();
    goc__contention_note(0);
    goc__leave(m);
}

bool goc__contention_outweighs(const struct p *p, int64_t elapsed_ns)
{
    int64_t cost = p->contended * MEETING_NS;
    if (cost < p->contended_ns * COST_OF_WAIT)
        cost = p->contended_ns * COST_OF_WAIT;
    return 2 * cost > elapsed_ns;
}

bool goc__contention_is_costly(struct p *p)
{
    int64_t now = goc__clock_now();
    int64_t elapsed = now - p->contended_since;
    bool costly = elapsed < STALE_NS && goc__contention_outweighs(p, elapsed);
    p->contended = 0;
    p->contended_ns = 0;
    p->contended_since = now;
    return costly;
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
