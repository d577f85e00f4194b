#include "sched/procs.h"

#include "base/bytes.h"
#include "base/panic.h"
#include "base/start.h"
#include "os/pages.h"
#include "os/thread.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/fork.h"
#include "sched/idle.h"
#include "sched/policy.h"
#include "sched/sched.h"
#include "sched/stack.h"

#include <goc/go.h>

AT_START static struct p first_p;

static struct {
    struct lock lock;
    struct p p; /* lock, but live, which is atomic */
} nursery;

AT_START static uint64_t next_id; // atomic: goroutine ids given out

static void init(struct p *p, uint32_t id)
{
    p->id = id;
    list_init(&p->idle_link);
    goc__timers_init(&p->timers);
    store_relaxed(&goc__sched.procs[id], p);
    store_release(&goc__sched.proc_count, id + 1);
}

void goc__procs_start(struct m *m, uint32_t count)
{
    list_init(&goc__sched.idle_ps);
    list_init(&goc__sched.idle_ms);
    goc__sched.keeper_until = TIMER_NEVER;
    goc__sched.limit = count;
    init(&first_p, 0);
    next_id = 1; /* goroutine 1 is the first thread's, or nobody */
    if (m == NULL) {
        first_p.retired = true; /* until goc__procs_fill */
        return;
    }
    m->p = &first_p;
    first_p.m = m;
    first_p.live = 1;
}

/* Make the Ps below COUNT that are missing.  Under the lock. */
static void make_up_to(uint32_t count)
{
    for (uint32_t id = goc__sched.proc_count; id < count; id++) {
        struct p *p = goc__pages_permanent(sizeof *p);
        if (p == NULL)
            goc__fatalf("runtime: cannot allocate memory for %u processors", count);
        init(p, id);
        p->batch = goc__fork_batch(id);
        p->retired = true;
    }
}

/* Put the Ps below the limit to use, those above out of it.  Under the lock. */
static void apply_limit(void)
{
    uint32_t limit = goc__sched.limit;
    for (uint32_t id = 0; id < goc__sched.proc_count; id++) {
        struct p *p = goc__sched.procs[id];
        bool retired = id >= limit;
        if (retired == p->retired)
            continue;
        p->retired = retired;
        if (!retired && load_acquire(&p->m) == NULL)
            goc__idle_add_p(p);
        else if (retired && !goc__idle_remove_p(p)) /* somebody has it, or is about to */
            fetch_or_relaxed(&p->attention, (uint32_t)ATTENTION_RETIRE);
    }
}

void goc__procs_rescue_timers(struct p *p)
{
    goc__timers_move(&first_p.timers, &p->timers);
}

/* The timers of Ps that went out of use while idle. */
static void rescue_all_timers(void)
{
    uint32_t count = load_acquire(&goc__sched.proc_count);
    for (uint32_t id = load_relaxed(&goc__sched.limit); id < count; id++) {
        struct p *p = goc__sched.procs[id];
        if (load_relaxed(&p->m) == NULL) /* else it does so itself; the heap has a lock */
            goc__procs_rescue_timers(p);
    }
}

void goc__procs_fill(void)
{
    goc__lock(&goc__sched.lock);
    first_p.batch = goc__fork_batch(0);
    nursery.p.batch = goc__fork_batch(PROCS_MAX);
    make_up_to(goc__sched.limit);
    apply_limit();
    goc__unlock(&goc__sched.lock);
}

static struct p *fresh_p(struct p *p, uint32_t id)
{
    bytes_zero_slowly(p, sizeof *p);
    p->id = id;
    list_init(&p->idle_link);
    goc__timers_init(&p->timers);
    p->batch = goc__fork_batch(id);
    return p;
}

/* All Ps but OWN, and what they shared. */
static void forget_others(struct p *own)
{
    static struct p none; /* has nothing, and nobody holds it */
    fresh_p(&none, own->id);
    for (uint32_t id = 0; id < goc__sched.proc_count; id++)
        store_relaxed(&goc__sched.procs[id], id == own->id ? own : &none);
    nursery.lock = goc__sched.lock = (struct lock){0};
    nursery.p.live = 0;
    own->live = 1;
    goc__sched.queue_first = goc__sched.queue_last = NULL;
    goc__sched.newborn_first = goc__sched.newborn_last = NULL;
    goc__sched.newborns = goc__sched.queued = 0;
    list_init(&goc__sched.idle_ps);
    list_init(&goc__sched.idle_ms);
    goc__sched.idle_p_count = goc__sched.idle_m_count = 0;
    goc__sched.keeper = NULL;
    goc__sched.keeper_until = TIMER_NEVER;
    goc__sched.in_poller = false;
    goc__sched.spinning = goc__sched.hogs = 0;
}

/* Nobody else had M's P when the child was made. */
static bool is_its_own(struct m *m)
{
    const uint32_t frozen = CLAIM_NONE << CLAIM_SHIFT | CLAIM_FROZEN;
    uint32_t claim = load_relaxed(&m->claim);
    return m->p != NULL && load_relaxed(&m->p->m) == m &&
           (claim == CLAIM_NONE || claim == frozen);
}

void goc__procs_orphan(struct m *m, bool keeps)
{
    static struct p other;
    struct p *p = m->p;
    if (!keeps || !is_its_own(m))
        p = fresh_p(&other, p != NULL ? p->id : 0);
    forget_others(p);
    p->attention = 0;
    p->retired = false;
    goc__sched.m_count = m->is_thread ? 0 : 1;
    goc__sched.ms = m->g != NULL && m->g->kind == G_THREAD ? NULL : m;
    m->next = NULL;
    m->spinning = false;
    m->hog = false;
    store_relaxed(&m->claim, (uint32_t)CLAIM_NONE);
    if (m->is_thread) {
        /* Not goc__idle_add_p, which needs more stack for a foreign loop's clock: nobody waits. */
        list_push_front(&goc__sched.idle_ps, &p->idle_link);
        goc__sched.idle_p_count = 1;
    } else {
        m->p = p;
        store_relaxed(&p->m, m);
    }
}

bool goc__procs_retire(struct m *m)
{
    struct p *p = m->p;
    goc__stack_flush(p);
    goc__lock(&goc__sched.lock);
    bool retired = p->retired;
    if (retired) {
        goc__runq_drain(p);
        m->p = NULL;
        store_relaxed(&p->m, (struct m *)NULL); /* as give_up_p, idle.c */
    }
    goc__unlock(&goc__sched.lock);
    if (retired)
        goc__procs_rescue_timers(p);
    return retired;
}

uint64_t goc__procs_ids(uint32_t count)
{
    return fetch_add_relaxed(&next_id, (uint64_t)count) + 1;
}

int64_t goc__procs_live(void)
{
    int64_t live = load_relaxed(&nursery.p.live);
    uint32_t count = load_acquire(&goc__sched.proc_count);
    for (uint32_t id = 0; id < count; id++)
        live += load_relaxed(&load_relaxed(&goc__sched.procs[id])->live);
    return live;
}

struct p *goc__procs_lock_nursery(void)
{
    goc__lock(&nursery.lock);
    return &nursery.p;
}

void goc__procs_unlock_nursery(void)
{
    goc__unlock(&nursery.lock);
}

int goc_maxprocs(int n)
{
    struct m *m = goc__enter();
    goc__lock(&goc__sched.lock);
    int before = (int)goc__sched.limit;
    if (n >= 1) {
        store_relaxed(&goc__sched.limit, (uint32_t)(n < PROCS_MAX ? n : PROCS_MAX));
        if (goc__boot_started()) {
            make_up_to(goc__sched.limit);
            apply_limit();
        }
    }
    bool retired = m->p != NULL && m->p->retired;
    goc__unlock(&goc__sched.lock);
    rescue_all_timers();
    if (n > before)
        goc__idle_wake();
    goc__leave(m);
    if (retired)
        goc_yield(); /* gives the P up on the way */
    return before;
}

int goc_num_cpu(void)
{
    return goc__boot_cpus();
}
