/* A ring is plain memory of its owner's, so a thief first asks the owner to share (it does
 * at its next scheduling decision, within microseconds when its goroutines talk), and only an
 * owner that has made no decision for SETTLED_NS has its P borrowed (claim.h), at the price
 * of a process-wide barrier for half a ring.  The same delay leaves a goroutine just handed
 * over where its data is: it runs there as soon as the one that readied it parks.
 */
#include "sched/steal.h"

#include "os/clock.h"
#include "sched/claim.h"
#include "sched/poller.h"
#include "sched/random.h"
#include "sched/runq.h"
#include "sched/sched.h"

enum {
    SPIN_NS = 20000, /* about what a futex sleep and wake costs across CPUs */
    SETTLED_NS = 5000,
    PAUSES = 16,          /* between two looks */
    DECISIONS_FEW = 4,    /* during a barrier */
    EAGER_HANDOFFS = 256, /* hand-offs that wake a thief at once, after a theft */
};

/* A victim seen with work, and for how long it has made no decision. */
struct suspect {
    struct p *p;
    uint32_t tick;
    int64_t since;
};

/* SUSPECT was not to be borrowed, and has goroutines that have not begun; a ring is asked for at once.  If
 * it has made a decision or two since the last look, they run about as long as a barrier takes, ten
 * microseconds or twenty on a virtual machine: it would be missed again and again, each time at the
 * price of a barrier.  Shorter ones are done sooner than moved. */
static void ask_to_share(const struct suspect *suspect)
{
    struct p *p = suspect->p;
    uint32_t decisions = load_relaxed(&p->tick) - suspect->tick;
    if (load_relaxed(&p->newborn_count) > 1 && decisions > 0 &&
        decisions <= DECISIONS_FEW)
        fetch_or_relaxed(&p->attention, (uint32_t)ATTENTION_SHARE);
}

/* Take half of what SUSPECT's owner has queued. */
static bool borrow_from(struct m *m, const struct suspect *suspect)
{
    struct m *owner = load_acquire(&suspect->p->m);
    if (owner == NULL)
        return false;
    struct p *p = goc__claim_borrow(owner);
    if (p == NULL) {
        ask_to_share(suspect);
        return false;
    }
    bool stolen = goc__runq_steal(m->p, p) > 0;
    if (stolen)
        store_relaxed(&p->eager, (uint32_t)EAGER_HANDOFFS);
    goc__claim_return(owner);
    return stolen;
}

static bool steal_from(struct m *m, struct p *victim, struct suspect *suspect,
                       int64_t now)
{
    if (!goc__p_has_work(victim))
        return false;
    uint32_t tick = load_relaxed(&victim->tick);
    if (suspect->p == victim && suspect->tick == tick)
        return now - suspect->since >= SETTLED_NS && borrow_from(m, suspect);
    if (suspect->p == NULL && goc__runq_length(victim) > 1)
        fetch_or_relaxed(&victim->attention, (uint32_t)ATTENTION_SHARE);
    *suspect = (struct suspect){.p = victim, .tick = tick, .since = now};
    return false;
}

/* One look at everybody. */
static bool look(struct m *m, struct suspect *suspect, int64_t now)
{
    if (load_relaxed(&goc__sched.queued) > 0)
        return true;
    if (goc__poller_look(now) && goc__p_has_work(m->p))
        return true;
    uint32_t count = load_acquire(&goc__sched.proc_count);
    uint32_t start = goc__random_below(count);
    for (uint32_t i = 0; i < count; i++) {
        struct p *victim = load_relaxed(&goc__sched.procs[(start + i) % count]);
        /* What the timers ready comes to the caller's P. */
        if (load_relaxed(&victim->timers.earliest) <= now &&
            goc__timers_run_some(&victim->timers, now, m->p) && goc__p_has_work(m->p))
            return true;
        if (victim != m->p && steal_from(m, victim, suspect, now))
            return true;
    }
    return false;
}

/* May one more M look for work?  At most half as many as are busy, as in Go: more would
 * only meet each other. */
static bool start_spinning(struct m *m)
{
    if (m->spinning)
        return true;
    uint32_t busy =
        load_relaxed(&goc__sched.limit) - load_relaxed(&goc__sched.idle_p_count);
    if (2 * load_relaxed(&goc__sched.spinning) >= busy)
        return false;
    m->spinning = true;
    fetch_add_relaxed(&goc__sched.spinning, 1u);
    return true;
}

bool goc__steal_look(struct m *m)
{
    struct suspect suspect = {.p = NULL};
    return look(m, &suspect, goc__clock_now());
}

bool goc__steal(struct m *m)
{
    struct suspect suspect = {.p = NULL};
    int64_t start = goc__clock_now();
    if (look(m, &suspect, start))
        return true;
    if (load_relaxed(&goc__sched.limit) == 1 || !start_spinning(m))
        return false;
    int64_t now;
    do {
        for (int i = 0; i < PAUSES; i++)
            cpu_relax();
        now = goc__clock_now();
        if (look(m, &suspect, now))
            return true;
    } while (now - start < SPIN_NS);
    return false;
}
