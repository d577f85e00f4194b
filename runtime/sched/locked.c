#include "sched/locked.h"

#include "base/panic.h"
#include "os/thread.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/fork.h"
#include "sched/history.h"
#include "sched/idle.h"
#include "sched/procs.h"
#include "sched/sched.h"
#include "sched/stack.h"
#include "sched/step.h"
#include "sched/thread.h"

#include <goc/go.h>
#include <unistd.h>

static void count_m(int by)
{
    goc__lock(&goc__sched.lock);
    goc__sched.m_count += (uint32_t)by;
    goc__unlock(&goc__sched.lock);
}

/* M, in the runtime at depth 1, becomes one of a plain thread. */
static void leave_ps(struct m *m)
{
    struct p *p = m->p;
    goc__boot_scheduler(m); /* for its end */
    count_m(-1);
    m->is_thread = true;
    m->p = NULL;
    if (TOGGLE())
        goc__history_runs(m, m->g);
    store_relaxed(&p->m, (struct m *)NULL); /* count_m's lock has released what M did */
    goc__idle_hand_off(p);
    /* Who sleeps has counted this M among those that could wake it: let one count again. */
    goc__idle_wake_slow();
}

void goc_lock_os_thread(void)
{
    if (UNLIKELY(!goc__boot_started()))
        goc__boot_start();
    struct m *m = goc__enter();
    struct g *g = m->g;
    if (UNLIKELY(m->stepper != NULL)) { /* the thread is the loop's (step.h) */
        goc__step_move_away(m);
        m = goc__m();
    }
    if (g->kind != G_THREAD && g->locks++ == 0) {
        g->on_thread = true;
        leave_ps(m);
    }
    goc__leave(m);
}

void goc_unlock_os_thread(void)
{
    struct m *m = goc__enter();
    struct g *g = m->g;
    bool last = g->kind != G_THREAD && g->locks == 1 && !goc__step_is(g);
    if (last || (g->kind != G_THREAD && g->locks > 1))
        g->locks--;
    if (last) {
        goc__fork_settle(m);
        count_m(1);
        g->on_thread = false;
        m->is_thread = false;
        if (!goc__idle_take_p(m)) {
            goc__set_status(g, G_RUNNABLE);
            goc__sched_leave(m, goc__idle_inject, g);
            m = goc__m();
        } else if (TOGGLE()) {
            goc__history_runs(m, g);
        }
    }
    goc__leave(m);
}

/* The goroutine is off its stack. */
static bool give_stack(void *g)
{
    struct p *p = goc__procs_lock_nursery();
    goc__stack_give(p, g);
    goc__procs_unlock_nursery();
    return true;
}

void goc__locked_end(struct m *m)
{
    struct g *g = m->g;
    if (goc__step_is(g))
        goc__step_forget();
    g->locks = 0;
    g->on_thread = false;
    goc__set_status(g, G_DEAD);
    goc__sched_leave(m, g->kind == G_GOROUTINE ? give_stack : NULL, g);
    goc__throw("a goroutine ran on after its end");
}

void goc__locked_end_thread(struct m *m)
{
    if (goc__boot_is_first(m)) /* the process's first thread cannot end without it */
        for (;;)
            pause();
    store_relaxed(&m->tid, 0);
    goc__thread_watch_end(NULL);
    goc__m_local = goc__claim_stub();
    goc__thread_end();
}
