/* An M that finds no work gives its P up, looks once more and sleeps, on its own futex or in
 * the poller (poller.h).
 *
 * Invariants
 *   An M in goc__sched.idle_ms holds no P and sleeps or is about to; who takes it out of the
 *   list, under the lock, alone decides what it wakes to.
 *   While a P is idle and timers run, some M or the monitor wakes by the earliest of them: the
 *   first M that goes to sleep with an earlier one in sight becomes the keeper of the time.
 *   While a P is idle and goroutines wait for events, some M sleeps in the poller, or has a P and
 *   will come by here.
 *   A P that is kept for a foreign event loop is not among the idle ones, but counts as one
 *   while the loop may be told of work (step.h).
 *   The global queue is never left with an idle P and nobody looking: append and
 *   look are both under the lock.
 *
 * All asleep.  When every M is in idle_ms or in the poller, no goroutine runs, none is outside in
 * user code (its M would not be here), and none is queued.  Then only a timer, an event or a thread
 * that is not ours can wake one.  None of these: it is a deadlock.  Plain threads parked in the
 * runtime are asleep like goroutines; while others exist, the last M looks again now and then.
 */
#include "sched/idle.h"

#include "base/panic.h"
#include "os/clock.h"
#include "os/futex.h"
#include "os/library.h"
#include "os/thread.h"
#include "sched/boot.h"
#include "sched/monitor.h"
#include "sched/poller.h"
#include "sched/procs.h"
#include "sched/runq.h"
#include "sched/step.h"
#include "sched/thread.h"

#include <goc/go.h>

/* How often to look whether foreign threads are gone: doubling from the first to the last. */
#define FOREIGN_LOOK_FIRST_NS (10 * INT64_C(1000000))
#define FOREIGN_LOOK_LAST_NS INT64_C(1000000000)

struct p *goc__idle_pop_p(void)
{
    struct list *link = list_pop_front(&goc__sched.idle_ps);
    if (link == NULL)
        return NULL;
    store_relaxed(&goc__sched.idle_p_count, load_relaxed(&goc__sched.idle_p_count) - 1);
    return LIST_OBJECT(link, struct p, idle_link);
}

void goc__idle_add_p(struct p *p)
{
    if (goc__step_keep(p))
        return;
    list_push_front(&goc__sched.idle_ps, &p->idle_link);
    store_relaxed(&goc__sched.idle_p_count, load_relaxed(&goc__sched.idle_p_count) + 1);
}

bool goc__idle_remove_p(struct p *p)
{
    if (list_empty(&p->idle_link))
        return goc__step_take_back(p);
    list_remove(&p->idle_link);
    store_relaxed(&goc__sched.idle_p_count, load_relaxed(&goc__sched.idle_p_count) - 1);
    return true;
}

/* Release: M may be a new one, which a thief or the monitor finds through P. */
static void hold(struct m *m, struct p *p)
{
    m->p = p;
    store_release(&p->m, m);
    goc__monitor_nudge();
}

/* M has no use for its P.  Relaxed: who puts P to use again does so under the lock, and who
 * merely sees that nobody holds it uses nothing.  Under the lock. */
static void give_up_p(struct m *m)
{
    struct p *p = m->p;
    m->p = NULL;
    store_relaxed(&p->m, (struct m *)NULL);
    goc__idle_add_p(p);
}

/* The M to wake: not the keeper of the time, if there is another.  Under the lock. */
static struct m *pop_m(void)
{
    struct list *link = goc__sched.idle_ms.next;
    if (link == &goc__sched.idle_ms)
        return NULL;
    if (goc__sched.keeper == LIST_OBJECT(link, struct m, idle_link) &&
        link->next != &goc__sched.idle_ms)
        link = link->next;
    list_remove(link);
    goc__sched.idle_m_count--;
    return LIST_OBJECT(link, struct m, idle_link);
}

/* See steal.c, "One CPU".  Whoever has no P is not in the way of who looks for work. */
static int32_t waker_cpu(void)
{
    return goc__m()->p == NULL ? 0 : 1 + goc__thread_cpu();
}

/* Let some M run P.  Releases the lock. */
static void start_m(struct p *p, bool spinning)
{
    struct m *m = pop_m();
    bool fresh = m == NULL;
    if (fresh)
        m = goc__boot_new_m();
    m->spinning = spinning;
    m->crowded_cpu = spinning ? waker_cpu() : 0;
    hold(m, p);
    goc__unlock(&goc__sched.lock);
    if (fresh) {
        goc__boot_start_m(m);
    } else {
        /* relaxed: M takes the lock before it looks at what it was given */
        store_relaxed(&m->wake, 1u);
        goc__futex_wake(&m->wake, 1);
    }
}

bool goc__idle_take_p(struct m *m)
{
    goc__lock(&goc__sched.lock);
    struct p *p = goc__idle_pop_p();
    if (p != NULL)
        hold(m, p);
    goc__unlock(&goc__sched.lock);
    return p != NULL;
}

/* Wake an M for an idle P, if there is one and nobody spins.  Releases the lock. */
static void wake_one(void)
{
    uint32_t nobody = 0;
    if (list_empty(&goc__sched.idle_ps))
        goc__step_tell();
    if (list_empty(&goc__sched.idle_ps) ||
        !cas_relaxed(&goc__sched.spinning, &nobody, 1u)) {
        goc__unlock(&goc__sched.lock);
        return;
    }
    start_m(goc__idle_pop_p(), true);
}

COLD void goc__idle_wake_slow(void)
{
    goc__lock(&goc__sched.lock);
    wake_one();
}

bool goc__idle_inject(void *g)
{
    goc__lock(&goc__sched.lock);
    goc__runq_append(g);
    /* Against an M that stops spinning because it has found other work (stop_spinning, sched.c):
     *   here:   queued = 1, spinning is 1: leave it to that M
     *   there:  spinning = 0, queued is 0: nothing to wake for
     * Without the fence here and seq_cst there both could read the old value, and nobody would
     * come.  An M that finds nothing looks once more under the lock, which is order enough. */
    fence_seq_cst();
    wake_one();
    return true;
}

int64_t goc__idle_earliest(void)
{
    int64_t earliest = TIMER_NEVER;
    uint32_t count = load_acquire(&goc__sched.proc_count);
    for (uint32_t i = 0; i < count; i++) {
        int64_t next = load_relaxed(&load_relaxed(&goc__sched.procs[i])->timers.earliest);
        if (next < earliest)
            earliest = next;
    }
    return earliest;
}

/* Is there a P that would share? */
static bool anybody_has_much(void)
{
    uint32_t count = load_acquire(&goc__sched.proc_count);
    for (uint32_t i = 0; i < count; i++) {
        const struct p *p = load_relaxed(&goc__sched.procs[i]);
        if (goc__runq_length(p) > 1 || load_relaxed(&p->newborn_count) > 1)
            return true;
    }
    return false;
}

void goc__idle_drop_p(struct m *m)
{
    struct p *p = m->p;
    goc__lock(&goc__sched.lock);
    if (load_relaxed(&goc__sched.queued) > 0 || p->retired) {
        goc__unlock(&goc__sched.lock); /* work, or an ATTENTION_RETIRE to see to */
        return;
    }
    goc__assert(!goc__p_has_work(p));
    give_up_p(m);
    goc__unlock(&goc__sched.lock);
    if (!m->spinning)
        return;
    m->spinning = false;
    fetch_sub_relaxed(&goc__sched.spinning, 1u);
    if (anybody_has_much() && goc__idle_take_p(m)) {
        m->spinning = true;
        m->crowded_cpu = 1 + goc__thread_cpu();
        fetch_add_relaxed(&goc__sched.spinning, 1u);
    }
}

bool goc__idle_step_aside(struct m *m)
{
    struct p *p = m->p;
    goc__lock(&goc__sched.lock);
    bool alone = load_relaxed(&goc__sched.idle_p_count) + 1 >= goc__sched.limit;
    if (alone || p->retired) {
        goc__unlock(&goc__sched.lock);
        return false;
    }
    goc__runq_drain(p);
    give_up_p(m);
    goc__contention_calm();
    goc__unlock(&goc__sched.lock);
    return true;
}

/* Every M sleeps or is about to, and no timer runs.  If nobody is left who could wake a
 * goroutine, die.  Returns how long to sleep before asking again.  Under the lock. */
static int64_t check_dead(int64_t patience)
{
    if (goc__thread_others((int)goc__sched.m_count + goc__monitor_threads()) > 0)
        return patience;
    bool nobody = goc_num_goroutine() == 0 && !goc__is_library();
    goc__unlock(&goc__sched.lock);
    if (nobody)
        goc__fatal("no goroutines (main called runtime.Goexit) - deadlock!");
    goc__fatal("all goroutines are asleep - deadlock!");
}

/* Until when M, which is in the list of idle ones, may sleep.  Under the lock. */
static int64_t sleep_until(struct m *m, int64_t *patience)
{
    if (list_empty(&goc__sched.idle_ps))
        return FUTEX_NO_DEADLINE; /* who gives one up looks at the timers itself */
    int64_t earliest = goc__idle_earliest();
    if (earliest == TIMER_NEVER) {
        uint32_t asleep = goc__sched.idle_m_count + (goc__sched.in_poller ? 1 : 0);
        if (asleep < goc__sched.m_count || goc__poller_wanted())
            return FUTEX_NO_DEADLINE;
        int64_t until = goc__clock_now() + check_dead(*patience);
        *patience =
            *patience * 2 < FOREIGN_LOOK_LAST_NS ? *patience * 2 : FOREIGN_LOOK_LAST_NS;
        return until;
    }
    if (earliest >= goc__sched.keeper_until)
        return FUTEX_NO_DEADLINE;
    goc__sched.keeper = m;
    goc__sched.keeper_until = earliest;
    return earliest;
}

static void stop_keeping(struct m *m)
{
    goc__lock(&goc__sched.lock);
    if (goc__sched.keeper == m) {
        goc__sched.keeper = NULL;
        goc__sched.keeper_until = TIMER_NEVER;
    }
    goc__unlock(&goc__sched.lock);
}

/* Sleep until taken out of the list, or until the time; then M takes itself out. */
static void sleep_on_futex(struct m *m, int64_t until)
{
    while (load_relaxed(&m->wake) == 0) {
        if (goc__futex_wait(&m->wake, 0, until))
            continue;
        until = FUTEX_NO_DEADLINE;
        goc__lock(&goc__sched.lock);
        bool listed = !list_empty(&m->idle_link);
        if (listed) {
            list_remove(&m->idle_link);
            goc__sched.idle_m_count--;
        }
        goc__unlock(&goc__sched.lock);
        if (listed)
            return;
    }
    store_relaxed(&m->wake, 0u);
}

/* Sleep in the poller, which M has claimed, until an event or UNTIL.  M's P is then an idle one
 * if there are both events and such a P. */
static void sleep_in_poller(struct m *m, int64_t until)
{
    bool events = goc__poller_sleep(until);
    goc__lock(&goc__sched.lock);
    goc__sched.in_poller = false;
    struct p *p = events ? goc__idle_pop_p() : NULL;
    if (p != NULL)
        hold(m, p);
    goc__unlock(&goc__sched.lock);
    if (events)
        goc__poller_deliver();
    goc__poller_release();
}

/* M is not among those that sleep: it takes work that has turned up.  Under the lock. */
static bool find_p(struct m *m)
{
    int64_t now = goc__clock_now();
    bool work = load_relaxed(&goc__sched.queued) > 0 && !goc__contention_is_calm(now);
    if (!work && goc__idle_earliest() > now)
        return false;
    struct p *p = goc__idle_pop_p();
    if (p != NULL)
        hold(m, p);
    else
        goc__step_tell(); /* the work may be what M's own P had, when it went out of use */
    return p != NULL;
}

/* Under the lock: M, which has claimed the poller if POLLS, joins the sleepers.  Without an idle P
 * the poller is left to those that are busy. */
static bool join_sleepers(struct m *m, bool polls)
{
    if (polls && !list_empty(&goc__sched.idle_ps)) {
        goc__sched.in_poller = true;
        return true;
    }
    if (polls)
        goc__poller_release(); /* before another M can drop its P, and claim it */
    list_push_front(&goc__sched.idle_ms, &m->idle_link);
    goc__sched.idle_m_count++;
    return false;
}

void goc__idle_sleep(struct m *m)
{
    if (m->spinning) { /* its P was retired while it looked for work */
        m->spinning = false;
        fetch_sub_relaxed(&goc__sched.spinning, 1u);
    }
    int64_t patience = FOREIGN_LOOK_FIRST_NS;
    while (m->p == NULL) {
        bool polls = goc__poller_claim();
        goc__lock(&goc__sched.lock);
        if (find_p(m)) {
            goc__unlock(&goc__sched.lock);
            if (polls)
                goc__poller_release();
            break;
        }
        polls = join_sleepers(m, polls);
        int64_t until = sleep_until(m, &patience);
        goc__unlock(&goc__sched.lock);
        if (polls)
            sleep_in_poller(m, until);
        else
            sleep_on_futex(m, until);
        stop_keeping(m);
    }
    store_relaxed(&goc__sched.coarse_now, goc__clock_now());
}

void goc__idle_hand_off(struct p *p)
{
    goc__lock(&goc__sched.lock);
    /* goc_maxprocs may have found it without an M and put it among the idle ones, where
     * somebody may have taken it since. */
    if (load_relaxed(&p->m) != NULL) {
        goc__unlock(&goc__sched.lock);
        return;
    }
    goc__idle_remove_p(p);
    bool work = goc__p_has_work(p) || load_relaxed(&goc__sched.queued) > 0 ||
                load_relaxed(&p->timers.earliest) != TIMER_NEVER || goc__poller_lacks();
    if (!p->retired && work) {
        start_m(p, false);
    } else if (!p->retired) {
        goc__idle_add_p(p);
        goc__unlock(&goc__sched.lock);
    } else {
        goc__runq_drain(p);
        wake_one();
        goc__procs_rescue_timers(p);
    }
}

void goc__idle_watch(int64_t when)
{
    goc__lock(&goc__sched.lock);
    struct p *p = when < goc__sched.keeper_until ? goc__idle_pop_p() : NULL;
    if (p != NULL) {
        start_m(p, false);
        return;
    }
    goc__step_watch(when);
    goc__unlock(&goc__sched.lock);
}
