#include "sched/claim.h"

#include "base/panic.h"
#include "os/futex.h"
#include "os/membarrier.h"
#include "os/thread.h"
#include "sched/fork.h"
#include "sched/sched.h"
#include "sched/thread.h"

enum { BORROWED_SPINS = 1000 };

/* What a thread that never used the runtime starts with.  Many threads may write its depth
 * at once; nobody reads it. */
static struct m stub = {.claim = CLAIM_STUB, .is_thread = true};

_Thread_local struct m *goc__m_local = &stub;

static uint32_t frozen; // atomic: 0; what threads wait on when the process is dying

struct m *goc__claim_stub(void)
{
    return &stub;
}

static void wait_returned(struct m *m)
{
    /* relaxed: goc__enter_slow loads the word again */
    for (int i = 0; load_relaxed(&m->claim) == CLAIM_BORROWED; i++) {
        if (i < BORROWED_SPINS)
            cpu_relax();
        else
            goc__thread_yield(); /* the borrower may wait for this very CPU */
    }
}

COLD struct m *goc__enter_slow(struct m *m)
{
    for (;;) {
        uint32_t claim = load_acquire(&m->claim);
        switch (claim & CLAIM_MASK) {
        case CLAIM_NONE:
            return m;
        case CLAIM_ASKED:
            /* relaxed: whom it refuses has used nothing, and the next load acquires what an
             * earlier claimer released, for the word has only been exchanged since */
            cas_relaxed(&m->claim, &claim, (uint32_t)CLAIM_NONE);
            break;
        case CLAIM_BORROWED:
            if (!goc__fork_settle(m))
                wait_returned(m);
            break;
        case CLAIM_TAKEN:
            if (!goc__fork_settle(m))
                return goc__sched_return(m);
            break;
        case CLAIM_STUB:
            return goc__thread_adopt();
        default:
            if (goc__fork_settle(m)) /* it was the parent that died */
                break;
            for (;;) /* not pause: libc's functions may want more stack than there is */
                goc__futex_wait(&frozen, 0, FUTEX_NO_DEADLINE);
        }
    }
}

/* C1 to C4 of claim.h: M's claim goes to OUTCOME, or stays as it was. */
static bool ask(struct m *m, enum claim outcome)
{
    uint32_t mine = goc__m()->id << CLAIM_SHIFT | CLAIM_ASKED;
    uint32_t expected = CLAIM_NONE;
    /* Before the barrier, which costs all CPUs something, a look whether it can succeed.
     * Relaxed: C1 publishes nothing, and what an earlier claimer released (C5) C4 acquires,
     * since from C5 to C4 the word is only exchanged. */
    if (load_relaxed(&m->depth) != 0 || !cas_relaxed(&m->claim, &expected, mine))
        return false;
    goc__barrier_heavy();
    uint32_t result =
        load_acquire(&m->depth) == 0 ? (uint32_t)outcome : (uint32_t)CLAIM_NONE;
    expected = mine;
    /* no release: the claimer has done nothing yet; C5 and TAKEN publish what it does */
    return cas_acquire(&m->claim, &expected, result) && result == (uint32_t)outcome;
}

struct p *goc__claim_borrow(struct m *m)
{
    if (!ask(m, CLAIM_BORROWED))
        return NULL;
    struct p *p = m->p;
    if (p == NULL)
        goc__claim_return(m);
    return p;
}

void goc__claim_return(struct m *m)
{
    /* Not a plain store: the word may say FROZEN by now. */
    uint32_t expected = CLAIM_BORROWED;
    cas_release(&m->claim, &expected, (uint32_t)CLAIM_NONE);
}

bool goc__claim_take(struct m *m, struct p *p)
{
    if (!ask(m, CLAIM_BORROWED))
        return false;
    uint32_t expected = CLAIM_BORROWED;
    /* no acquire: C3 and C4 have */
    if (m->p == p && cas_release(&m->claim, &expected, (uint32_t)CLAIM_TAKEN)) {
        store_release(&p->m, (struct m *)NULL); /* pairs with apply_limit, procs.c */
        return true;
    }
    goc__claim_return(m);
    return false;
}

bool goc__claim_is_taken(const struct m *m)
{
    uint32_t claim = load_relaxed(&m->claim);
    return claim == CLAIM_TAKEN || claim == (CLAIM_TAKEN << CLAIM_SHIFT | CLAIM_FROZEN);
}

/* Relaxed: it hands nothing over.  An M that is in the runtime goes on until it enters next, so
 * what a dump reads of it is a guess in any order. */
static void freeze(struct m *m)
{
    uint32_t before = load_relaxed(&m->claim);
    while ((before & CLAIM_MASK) != CLAIM_FROZEN &&
           !cas_relaxed(&m->claim, &before, before << CLAIM_SHIFT | CLAIM_FROZEN))
        continue;
}

void goc__claim_freeze(void)
{
    struct m *self = goc__m();
    for (struct m *m = load_acquire(&goc__sched.ms); m != NULL; m = m->next)
        if (m != self)
            freeze(m);
}
