/* The run queues: a goroutine that was queued comes out once, whoever takes it, and with all that
 * was written to it before. */
#include "model.h"
#include "sched/claim.h"
#include "sched/policy.h"
#include "sched/runq.h"
#include "sched/sched.h"

enum { GOROUTINES = 3 };

static struct m owner;
static struct m thief;
static struct p owned;
static struct p thiefs;
static struct g goroutines[GOROUTINES]; /* word: how often it ran, plain */
static uint32_t ran;                    // atomic

static void prepare(void)
{
    owner.id = 100;
    owner.p = &owned;
    owned.m = &owner;
    thief.id = 101;
    thief.p = &thiefs;
    thiefs.m = &thief;
    store_relaxed(&goc__sched.limit, 2u);
}

static void run(struct g *g)
{
    if (g == NULL)
        return;
    MODEL_CHECK(g->word++ == 0);
    fetch_add_relaxed(&ran, 1u);
}

/* Queue all, one an entry, then run what is left. */
static void own(void *unused)
{
    (void)unused;
    goc__m_local = &owner;
    for (int i = 0; i < GOROUTINES; i++) {
        struct m *m = goc__enter();
        goroutines[i].id = (uint64_t)i + 1; /* plain: whoever runs it reads it */
        goc__policy_add(&owned, &goroutines[i], POLICY_READIED);
        goc__leave(m);
    }
    struct m *m = goc__enter();
    run(goc__policy_next(&owned, NULL));
    goc__leave(m);
}

static void steal(void *unused)
{
    (void)unused;
    goc__m_local = &thief;
    struct m *m = goc__enter();
    struct p *p = goc__claim_borrow(&owner);
    if (p != NULL) {
        goc__runq_steal(&thiefs, p);
        goc__claim_return(&owner);
    }
    struct g *g = goc__runq_pop(&thiefs);
    if (g != NULL)
        MODEL_CHECK(g->id >= 1 && g->id <= GOROUTINES);
    run(g);
    goc__leave(m);
}

static void drain(struct p *p)
{
    struct g *g;
    while ((g = goc__policy_next(p, NULL)) != NULL)
        run(g);
}

static void each_once(void)
{
    model_join();
    drain(&owned);
    drain(&thiefs);
    struct g *g;
    while ((g = goc__runq_take(&owned)) != NULL)
        run(g);
    MODEL_CHECK(load_relaxed(&ran) == GOROUTINES);
}

static void owner_and_thief(void)
{
    prepare();
    model_spawn(own, NULL);
    model_spawn(steal, NULL);
    each_once();
}

/* The owner shares with the global queue, from which the other takes. */
static void share(void *unused)
{
    (void)unused;
    goc__m_local = &owner;
    struct m *m = goc__enter();
    for (int i = 0; i < GOROUTINES; i++) {
        goroutines[i].id = (uint64_t)i + 1;
        goc__runq_push(&owned, &goroutines[i]);
    }
    goc__runq_share(&owned);
    run(goc__runq_pop(&owned));
    goc__leave(m);
}

static void take(void *unused)
{
    (void)unused;
    goc__m_local = &thief;
    struct m *m = goc__enter();
    struct g *g = goc__runq_take(&thiefs);
    if (g != NULL)
        MODEL_CHECK(g->id >= 1);
    run(g);
    goc__leave(m);
}

static void owner_shares(void)
{
    prepare();
    model_spawn(share, NULL);
    model_spawn(take, NULL);
    each_once();
}

int main(void)
{
    model_explore("run queue: owner, thief", owner_and_thief, 2, 1);
    model_explore("run queue: owner shares, other takes", owner_shares, 3, 1);
    model_random("run queue: owner, thief", owner_and_thief, 5, 3000);
}
