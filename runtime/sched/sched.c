/* Switching and finding work.
 *
 * Invariants
 *   An M without a P runs no goroutine in the runtime: it sleeps (idle.c), or its goroutine is
 *   outside and comes back through goc__sched_return.
 *   A goroutine that others can find in a queue is off its stack.  What only the P's owner
 *   sees (ring, free list) may be written before the switch; what others see at once, by
 *   goc__sched_arrive's AFTER.
 *   An M that sleeps holds no P; a P that nobody holds has an empty ring and no runnext.
 */
#include "sched/sched.h"

#include "base/panic.h"
#include "os/clock.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/contention.h"
#include "sched/fork.h"
#include "sched/history.h"
#include "sched/idle.h"
#include "sched/locked.h"
#include "sched/monitor.h"
#include "sched/policy.h"
#include "sched/poller.h"
#include "sched/procs.h"
#include "sched/stack.h"
#include "sched/steal.h"
#include "sched/step.h"

struct sched goc__sched;

/* G does not wait after all. */
COLD static void go_on(struct m *m, struct g *g)
{
    if (TOGGLE())
        goc__history_ready(m, g);
    turn_given(g);
    goc__set_status(g, G_RUNNABLE);
    goc__policy_add(m->p, g, POLICY_READIED);
}

void goc__sched_arrive(struct m *m)
{
    bool (*after)(void *) = m->after;
    if (after == NULL)
        return;
    m->after = NULL;
    struct g *g = m->after_g;
    scheduler_begins(g);
    if (UNLIKELY(!after(m->after_argument)))
        go_on(m, g);
    scheduler_ends();
}

/* From FROM's stack to TO's; returns when FROM runs again. */
static void switch_to(struct m *m, struct context *from, struct g *to)
{
    goc__set_status(to, G_RUNNING);
    store_relaxed(&m->g, to);
    event_strand_switch(to->strand);
    goc__context_switch(from, &to->context);
}

/* Go on with NEXT, or with the scheduler where that is NULL; returns when G runs again. */
static inline void leave(struct m *m, struct g *g, struct g *next)
{
    g->error_number = *m->error_number;
    if (TOGGLE())
        goc__history_left(m, g, next);
    if (LIKELY(next != NULL)) {
        turn_given(g);
        switch_to(m, &g->context, next);
    } else {
        const struct context *scheduler = goc__boot_scheduler(m); /* still G's doing */
        turn_given(g);
        store_relaxed(&m->g, (struct g *)NULL);
        event_strand_switch(NULL);
        goc__context_switch(&g->context, scheduler);
    }
    m = goc__m(); /* perhaps another one */
    turn_taken(g);
    goc__sched_arrive(m);
    *m->error_number = g->error_number;
}

void goc__sched_leave(struct m *m, bool (*after)(void *), void *argument)
{
    struct g *g = m->g;
    m->after = after;
    m->after_argument = argument;
    m->after_g = g;
    leave(m, g, m->p != NULL ? goc__policy_next(m->p, NULL) : NULL);
}

/* The goroutine that yielded is off its stack: others may take it. */
static bool requeue(void *g)
{
    goc__policy_add(goc__m()->p, g, POLICY_YIELDED);
    return true;
}

void goc__sched_yield(struct m *m)
{
    struct g *g = m->g;
    struct p *p = m->p;
    bool work = goc__p_has_work(p);
    if (!work && load_relaxed(&goc__sched.queued) == 0 &&
        load_relaxed(&p->attention) == 0 &&
        load_relaxed(&p->timers.earliest) == TIMER_NEVER && !goc__poller_lacks())
        return;
    goc__set_status(g, G_RUNNABLE);
    if (UNLIKELY(goc__runq_length(p) == RUNQ_CAPACITY)) {
        goc__sched_leave(m, requeue, g);
        return;
    }
    /* Queued before it is off its stack: the ring is this M's alone until it leaves the
     * runtime, which the successor will. */
    goc__policy_add(p, g, POLICY_YIELDED);
    /* With nothing else on the P the global queue comes first: in a look around, which takes
     * the ring's oldest, a goroutine that only yields would find itself for ever. */
    struct g *next = work ? goc__policy_next(p, NULL) : goc__runq_take(p);
    if (UNLIKELY(next == g))
        goc__set_status(g, G_RUNNING);
    else
        leave(m, g, next);
}

void goc__sched_end(struct m *m, bool at_base)
{
    struct g *g = m->g;
    struct p *p = m->p;
    goc__set_status(g, G_DEAD);
    struct g *next = goc__policy_next(p, at_base ? g : NULL);
    if (next == g)
        return;
    if (g->kind == G_GOROUTINE) /* goroutine 1 stays: its stack is the process's own */
        goc__stack_give(p, g);
    leave(m, g, next);
    goc__throw("a goroutine ran on after its end");
}

struct m *goc__sched_return(struct m *m)
{
    goc__assert(load_relaxed(&m->depth) == 1);
    /* relaxed: a claimer that sees it also has to see a depth of 0, which goc__leave releases */
    store_relaxed(&m->claim, (uint32_t)CLAIM_NONE);
    m->p = NULL;
    if (exchange_relaxed(&m->hog, false))
        fetch_sub_relaxed(&goc__sched.hogs, 1u);
    if (goc__idle_take_p(m)) {
        if (TOGGLE())
            goc__history_runs(m, m->g);
        return m;
    }
    goc__set_status(m->g, G_RUNNABLE);
    goc__sched_leave(m, goc__idle_inject, m->g);
    return goc__m();
}

/* What others asked of this P.  Returns false when the M has no P any more. */
static bool attend(struct m *m)
{
    struct p *p = m->p;
    if (LIKELY(load_relaxed(&p->attention) == 0))
        return true;
    uint32_t asked = exchange_relaxed(&p->attention, 0u);
    if (asked & ATTENTION_RETIRE && goc__procs_retire(m))
        return false;
    if (asked & ATTENTION_SHARE)
        goc__runq_share(p);
    return !(asked & ATTENTION_CONTENDED) || !goc__contention_is_costly(p) ||
           !goc__idle_step_aside(m);
}

/* How long events may wait for a P that has work anyway. */
#define EVENTS_LATE_NS INT64_C(20000)

static void look_for_events(const struct p *p)
{
    goc__poller_flush(p->id);
    if (UNLIKELY(goc__poller_lacks()))
        goc__poller_look_if_late(goc__clock_now(), EVENTS_LATE_NS);
}

static void run_timers(struct p *p)
{
    if (load_relaxed(&p->timers.earliest) == TIMER_NEVER)
        return;
    int64_t now = goc__clock_now();
    if (load_relaxed(&p->timers.earliest) <= now)
        goc__timers_run_some(&p->timers, now, p);
}

/* The M found work: no longer one of those that look for it. */
static void stop_spinning(struct m *m)
{
    if (!m->spinning)
        return;
    m->spinning = false;
    m->crowded_cpu = 0;
    fetch_sub_seq_cst(&goc__sched.spinning, 1u);
    /* More where this came from: somebody else may look.  seq_cst: goc__idle_inject. */
    if (load_seq_cst(&goc__sched.queued) > 0 || goc__p_has_work(m->p))
        goc__idle_wake();
}

/* The goroutine to run next, for an M that may hold no P; sleeps until there is one. */
static struct g *find_work(struct m *m)
{
    for (;;) {
        if (UNLIKELY(m->stepper != NULL) && goc__step_is_over(m))
            return m->stepper;
        goc__fork_settle(m);
        if (m->p == NULL)
            goc__idle_sleep(m);
        if (!attend(m))
            continue;
        run_timers(m->p);
        look_for_events(m->p);
        struct g *g = goc__policy_look_around(m->p);
        if (g != NULL) {
            stop_spinning(m);
            return g;
        }
        if (UNLIKELY(m->stepper != NULL))
            goc__step_finds_nothing(m);
        else if (!goc__steal(m))
            goc__idle_drop_p(m);
    }
}

void goc__sched_loop(void)
{
    struct m *m = goc__m(); /* the scheduler's stack never changes threads */
    for (;;) {
        goc__sched_arrive(m);
        if (UNLIKELY(m->is_thread))
            goc__locked_end_thread(m);
        goc__assert(load_relaxed(&m->depth) == 1);
        struct g *g = find_work(m);
        if (TOGGLE())
            goc__history_runs(m, g);
        switch_to(m, &m->scheduler, g);
    }
}
