#include "sched/park.h"

#include "base/panic.h"
#include "sched/bubble.h"
#include "sched/claim.h"
#include "sched/history.h"
#include "sched/idle.h"
#include "sched/policy.h"
#include "sched/sched.h"
#include "sched/step.h"
#include "sched/thread.h"

const char *const goc__wait_table[WAIT_REASONS] = {
    [WAIT_NONE] = "waiting",
    [WAIT_CHAN_RECV] = "chan receive",
    [WAIT_CHAN_SEND] = "chan send",
    [WAIT_CHAN_RECV_NIL] = "chan receive (nil chan)",
    [WAIT_CHAN_SEND_NIL] = "chan send (nil chan)",
    [WAIT_SELECT] = "select",
    [WAIT_SELECT_NONE] = "select (no cases)",
    [WAIT_SLEEP] = "sleep",
    [WAIT_SEMACQUIRE] = "semacquire",
    [WAIT_MUTEX] = "sync.Mutex.Lock",
    [WAIT_RWMUTEX_R] = "sync.RWMutex.RLock",
    [WAIT_RWMUTEX_W] = "sync.RWMutex.Lock",
    [WAIT_COND] = "sync.Cond.Wait",
    [WAIT_WAITGROUP] = "sync.WaitGroup.Wait",
    [WAIT_IO] = "IO wait",
    [WAIT_STEP] = "event loop",
    [WAIT_SYNCTEST_RUN] = "synctest.Run",
    [WAIT_SYNCTEST_WAIT] = "synctest.Wait",
};

const char *goc__wait_words(enum wait_reason reason)
{
    return goc__wait_table[reason];
}

struct g *goc__self(void)
{
    struct g *g = goc__m()->g;
    return LIKELY(g != NULL) ? g : goc__thread_g();
}

bool goc__is_thread(const struct g *g)
{
    return g->on_thread && !goc__step_is(g);
}

static inline uintptr_t park(struct m *m, struct g *g, bool (*unlock)(void *lock),
                             void *lock, enum wait_reason reason, const void *object)
{
    g->reason = (uint8_t)reason;
    g->object = object;
    g->waiting_since = load_relaxed(&goc__sched.coarse_now);
    goc__set_status(g, G_WAITING);
    if (UNLIKELY(m->is_thread)) {
        goc__thread_park(g, unlock, lock);
        goc__leave(m);
    } else {
        goc__sched_leave(m, unlock, lock);
        goc__leave(goc__m());
    }
    return g->word;
}

/* Only members can wake G, a member. */
COLD static uintptr_t park_durably(struct m *m, struct g *g, bool (*unlock)(void *lock),
                                   void *lock, enum wait_reason reason,
                                   const void *object)
{
    struct bubble_parking parking = {unlock, lock, g};
    goc__bubble_parks(g);
    uintptr_t word = park(m, g, goc__bubble_parked, &parking,
                          (enum wait_reason)(reason & ~(uint32_t)WAIT_DURABLE), object);
    g->durable = false; /* where the park was cancelled */
    return word;
}

uintptr_t goc__park(bool (*unlock)(void *lock), void *lock, enum wait_reason reason,
                    const void *object)
{
    struct m *m = goc__enter();
    struct g *g = m->g;
    if (UNLIKELY(reason & WAIT_DURABLE))
        return park_durably(m, g, unlock, lock, reason, object);
    return park(m, g, unlock, lock, reason, object);
}

/* Not where the ring is about to be full: it sends half of what it has to the global queue, under a
 * lock. */
static bool has_company(const struct m *m)
{
    const struct p *p = m->p;
    return p != NULL && !m->is_thread && goc__p_has_work(p) &&
           goc__runq_length(p) < RUNQ_CAPACITY / 2 &&
           load_relaxed(&goc__sched.idle_p_count) == 0;
}

bool goc__has_company(void)
{
    struct m *m = goc__enter();
    bool company = has_company(m);
    goc__leave(m);
    return company;
}

bool goc__give_way(void)
{
    struct m *m = goc__enter();
    bool company = has_company(m);
    if (company)
        goc__sched_yield(m);
    goc__leave(goc__m());
    return company;
}

void goc__ready(struct g *g, uintptr_t word)
{
    struct m *m = goc__enter();
    goc__assert(goc__status(g) == G_WAITING);
    if (TOGGLE())
        goc__history_ready(m, g);
    if (UNLIKELY(g->durable))
        goc__bubble_ready(g);
    g->word = word;
    turn_given(g);
    goc__set_status(g, G_RUNNABLE);
    if (UNLIKELY(g->on_thread)) {
        goc__thread_ready(g);
    } else if (UNLIKELY(m->p == NULL)) {
        goc__idle_inject(g);
    } else {
        struct p *p = m->p;
        bool wake = goc__policy_add(p, g, POLICY_READIED);
        goc__hand_over(p, wake);
    }
    goc__leave(m);
}
