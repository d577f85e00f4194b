#include "sched/step.h"

#include "base/panic.h"
#include "base/start.h"
#include "os/alarm.h"
#include "os/clock.h"
#include "os/epoll.h"
#include "os/error.h"
#include "os/file.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/idle.h"
#include "sched/monitor.h"
#include "sched/policy.h"
#include "sched/poller.h"
#include "sched/procs.h"
#include "sched/runq.h"
#include "sched/sched.h"
#include "sched/small.h"
#include "sched/stack.h"
#include "sched/steal.h"

#include <goc/go.h>
#include <goc/loop.h>

AT_START struct g *goc__step_g;

static struct {
    int fd;       /* const while there is a loop: watches the other two */
    int alarm;    /* const likewise */
    int poller;   /* the loop's: the poller's descriptor, once FD watches it; else -1 */
    struct p *p;  /* sched lock: kept for the loop */
    bool lent;    /* sched lock: the loop's goroutine sleeps, and wants none */
    bool counted; /* sched lock: in goc__sched.idle_p_count */
    bool woken;   /* sched lock: goc_poll_wake was called since the last step */
    int64_t readable; /* sched lock: when FD will be; 0: it is */
    int64_t deadline; /* the loop's: when the step is to end */
    bool looked;      /* the loop's: the step has had a look around */
    bool over;        /* the loop's: nothing was ready */
} loop;

/* ---- the descriptor -------------------------------------------------------------------- */

/* All under the scheduler's lock. */

static void count(void)
{
    bool counts = loop.p != NULL && loop.readable != 0;
    if (counts == loop.counted)
        return;
    loop.counted = counts;
    uint32_t before = load_relaxed(&goc__sched.idle_p_count);
    store_relaxed(&goc__sched.idle_p_count, counts ? before + 1 : before - 1);
}

static void readable_at(int64_t time)
{
    if (time != loop.readable) {
        loop.readable = time;
        goc__alarm_set(loop.alarm, time);
    }
    count();
}

/* As the queue and the timers are now. */
static void set_alarm(void)
{
    bool work = loop.p != NULL && load_relaxed(&goc__sched.queued) > 0;
    if (loop.woken || work)
        readable_at(0);
    else if (loop.p == NULL)
        readable_at(TIMER_NEVER);
    else if (list_empty(&goc__sched.idle_ps))
        readable_at(goc__idle_earliest());
    else /* somebody else looks after the others */
        readable_at(load_relaxed(&loop.p->timers.earliest));
}

bool goc__step_keep(struct p *p)
{
    if (load_relaxed(&goc__step_g) == NULL || loop.lent || loop.p != NULL)
        return false;
    loop.p = p;
    set_alarm();
    return true;
}

bool goc__step_take_back(struct p *p)
{
    if (loop.p != p)
        return false;
    loop.p = NULL;
    count();
    return true;
}

void goc__step_tell(void)
{
    if (loop.p != NULL)
        readable_at(0);
}

void goc__step_watch(int64_t when)
{
    if (loop.p != NULL && when < loop.readable)
        readable_at(when);
}

/* ---- the scheduler's side -------------------------------------------------------------- */

bool goc__step_is_over(struct m *m)
{
    if (m->p == NULL || loop.over)
        return true;
    bool first = !loop.looked;
    loop.looked = true;
    return !first && goc__clock_now() >= loop.deadline;
}

void goc__step_finds_nothing(struct m *m)
{
    loop.over = !goc__steal_look(m);
}

/* M, the loop's, goes on without its P, if it has one still. */
static void give_p(struct m *m)
{
    struct p *p = m->p;
    bool retired = false;
    store_relaxed(&m->stepper, (struct g *)NULL);
    m->is_thread = true;
    if (p != NULL && load_relaxed(&p->attention) & ATTENTION_RETIRE)
        goc__stack_flush(p); /* it is, or was, to go out of use */
    goc__lock(&goc__sched.lock);
    goc__sched.m_count--;
    if (p != NULL) {
        goc__runq_drain(p);
        m->p = NULL;
        store_relaxed(&p->m, (struct m *)NULL); /* as give_up_p, idle.c */
        retired = p->retired;
        if (!retired)
            goc__idle_add_p(p);
    }
    set_alarm();
    goc__unlock(&goc__sched.lock);
    if (retired)
        goc__procs_rescue_timers(p);
    if (retired || load_relaxed(&goc__sched.queued) > 0)
        goc__idle_wake_slow(); /* others may have a P for it, or see to the timers */
}

/* Give M the P that is kept for it, or another idle one.  False: others have them all. */
static bool take_p(struct m *m)
{
    goc__lock(&goc__sched.lock);
    struct p *p = loop.p;
    loop.p = NULL;
    if (p != NULL)
        count();
    else
        p = goc__idle_pop_p();
    if (p != NULL) {
        m->p = p;
        store_release(&p->m, m);
        goc__sched.m_count++;
    } else {
        set_alarm();
    }
    goc__unlock(&goc__sched.lock);
    return p != NULL;
}

/* The poller may have come up since the last step. */
static void watch_poller(void)
{
    int fd = loop.poller < 0 ? goc__poller_descriptor() : -1;
    if (fd >= 0 && goc__epoll_nest(loop.fd, fd, fd) == 0)
        loop.poller = fd;
}

static void run(struct m *m, int64_t timeout)
{
    struct g *g = m->g;
    int64_t now = goc__clock_now();
    if (timeout < 0 || __builtin_add_overflow(now, timeout, &loop.deadline))
        loop.deadline = timeout < 0 ? now : TIMER_NEVER;
    loop.looked = false;
    loop.over = false;
    store_relaxed(&m->stepper, g);
    m->is_thread = false;
    goc__monitor_nudge();
    goc__poller_empty(now);
    g->reason = WAIT_STEP;
    g->object = NULL;
    g->waiting_since = now;
    goc__set_status(g, G_WAITING);
    goc__sched_leave(m, NULL, NULL);
    goc__assert(goc__m() == m);
}

int goc_step(goc_duration timeout)
{
    struct m *m = goc__enter();
    int result = -EPERM;
    if (goc__step_is(m->g)) {
        if (take_p(m)) {
            run(m, timeout);
            give_p(m);
        }
        watch_poller();
        goc__lock(&goc__sched.lock);
        loop.woken = false; /* the loop looks at what it was woken for after this */
        set_alarm();
        result = loop.readable == 0;
        goc__unlock(&goc__sched.lock);
    }
    goc__leave(m);
    return result;
}

void goc_poll_wake(void)
{
    if (load_relaxed(&goc__step_g) == NULL) /* else asked again under the lock */
        return;
    struct m *m = goc__enter();
    goc__lock(&goc__sched.lock);
    if (load_relaxed(&goc__step_g) != NULL) {
        loop.woken = true;
        set_alarm();
    }
    goc__unlock(&goc__sched.lock);
    goc__leave(m);
}

/* ---- sleeping, moving away ------------------------------------------------------------- */

void goc__step_lend(void)
{
    goc__lock(&goc__sched.lock);
    loop.lent = true;
    struct p *p = loop.p;
    loop.p = NULL;
    set_alarm();
    goc__unlock(&goc__sched.lock);
    if (p != NULL)
        goc__idle_hand_off(p);
    goc__idle_wake_slow(); /* as locked.c: who sleeps may find that all do */
}

void goc__step_lent(void)
{
    goc__lock(&goc__sched.lock);
    loop.lent = false;
    struct p *p = goc__idle_pop_p();
    if (p != NULL)
        goc__idle_add_p(p);
    goc__unlock(&goc__sched.lock);
}

struct moving {
    struct p *p;
    struct g *g;
};

static void hand_off(void *argument)
{
    const struct moving *moving = argument;
    goc__policy_add(moving->p, moving->g, POLICY_READIED);
    /* Not before: a P that nobody holds is anybody's who raises goc_maxprocs.  Pairs with
     * apply_limit, procs.c. */
    store_release(&moving->p->m, (struct m *)NULL);
    goc__idle_hand_off(moving->p);
}

/* G is off its stack, where the argument lay; no M is P's, but P still says so. */
static bool move(void *argument)
{
    struct moving moving = *(const struct moving *)argument;
    goc__with_room(hand_off, &moving);
    return true;
}

void goc__step_move_away(struct m *m)
{
    struct moving moving = {m->p, m->g};
    goc__set_status(m->g, G_RUNNABLE);
    m->p = NULL;
    goc__sched_leave(m, move, &moving);
}

/* ---- the beginning and the end --------------------------------------------------------- */

/* Two descriptors, the first of which watches the second.  Returns 0 or a negative errno. */
static int open_descriptors(int *fd, int *alarm)
{
    *fd = goc__epoll_open();
    if (*fd < 0)
        return *fd;
    *alarm = goc__alarm_open();
    int result = *alarm < 0 ? *alarm : goc__epoll_nest(*fd, *alarm, *alarm);
    if (result < 0) {
        if (*alarm >= 0)
            goc__file_close(*alarm);
        goc__file_close(*fd);
    }
    return result;
}

/* G becomes the loop's goroutine, if there is none. */
static bool become(struct g *g, int fd, int alarm)
{
    goc__lock(&goc__sched.lock);
    bool free = load_relaxed(&goc__step_g) == NULL;
    if (free) {
        loop.fd = fd;
        loop.alarm = alarm;
        loop.poller = -1;
        loop.lent = false;
        loop.woken = false;
        loop.readable = TIMER_NEVER;
        store_relaxed(&goc__step_g, g);
    }
    goc__unlock(&goc__sched.lock);
    return free;
}

/* G, on M, wants to be the loop's. */
static int begin(struct m *m, struct g *g)
{
    if (g->kind == G_THREAD || g->bubble != NULL)
        return -EPERM;
    if (goc__step_is(g))
        return loop.fd;
    if (load_relaxed(&goc__step_g) != NULL)
        return -EBUSY;
    int fd;
    int alarm;
    int result = open_descriptors(&fd, &alarm);
    if (result < 0)
        return result;
    if (!become(g, fd, alarm)) {
        goc__file_close(alarm);
        goc__file_close(fd);
        return -EBUSY;
    }
    if (g->locks++ == 0) {
        goc__boot_scheduler(m);
        g->on_thread = true;
        give_p(m);
    } else {
        goc__step_lent(); /* its own P has gone to others long ago */
    }
    watch_poller();
    return fd;
}

int goc_poll_fd(void)
{
    if (UNLIKELY(!goc__boot_started()))
        goc__boot_start();
    struct m *m = goc__enter();
    int result = begin(m, m->g);
    goc__leave(m);
    return result;
}

void goc__step_forget(void)
{
    goc__lock(&goc__sched.lock);
    struct p *p = loop.p;
    loop.p = NULL;
    count();
    store_relaxed(&goc__step_g, (struct g *)NULL);
    goc__unlock(&goc__sched.lock);
    goc__file_close(loop.alarm);
    goc__file_close(loop.fd);
    if (p != NULL)
        goc__idle_hand_off(p);
}

int goc_poll_end(void)
{
    struct m *m = goc__enter();
    bool mine = goc__step_is(m->g);
    if (mine)
        goc__step_forget();
    goc__leave(m);
    if (mine)
        goc_unlock_os_thread();
    return mine ? 0 : -EPERM;
}
