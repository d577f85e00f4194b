/* sched/claim.h: an M uses its P and a claimer uses it, never both at once, and each sees what the
 * other did.  The P's memory stands for everything that the claim guards: it is plain, so a
 * hole is a race. */
#include "model.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/idle.h"
#include "sched/sched.h"

static struct m owner;
static struct p held;
static uint32_t users;  /* held's owner */
static uint32_t used;   /* held's owner */
static uint32_t wanted; /* how often it has to have been used; atomic */

static void prepare(void)
{
    owner.id = 100;
    owner.p = &held;
    list_init(&owner.idle_link);
    list_init(&held.idle_link);
    held.m = &owner;
}

static void use(void)
{
    MODEL_CHECK(users++ == 0);
    used++;
    fetch_add_relaxed(&wanted, 1u);
    MODEL_CHECK(--users == 0);
}

static void own(void *times)
{
    goc__m_local = &owner;
    for (uintptr_t i = 0; i < (uintptr_t)times; i++) {
        struct m *m = goc__enter();
        MODEL_CHECK(m == &owner);
        if (m->p != NULL)
            use();
        goc__leave(m);
    }
}

static void borrow(void *times)
{
    for (uintptr_t i = 0; i < (uintptr_t)times; i++) {
        struct p *p = goc__claim_borrow(&owner);
        if (p == NULL)
            continue;
        MODEL_CHECK(p == &held);
        use();
        goc__claim_return(&owner);
    }
}

static void all_used(void)
{
    model_join();
    MODEL_CHECK(used == load_relaxed(&wanted));
}

static void owner_and_borrower(void)
{
    prepare();
    model_spawn(own, (void *)2);
    model_thread(borrow, (void *)2);
    all_used();
}

static void owner_and_two_borrowers(void)
{
    prepare();
    model_spawn(own, (void *)1);
    model_thread(borrow, (void *)1);
    model_thread(borrow, (void *)1);
    all_used();
}

/* The monitor takes the P for good and puts it among the idle ones, where its M finds it. */
static void take(void *unused)
{
    (void)unused;
    goc__lock(&goc__sched.lock);
    if (goc__claim_take(&owner, &held)) {
        use();
        goc__idle_add_p(&held);
    }
    goc__unlock(&goc__sched.lock);
}

static void owner_and_taker(void)
{
    prepare();
    model_spawn(own, (void *)2);
    model_thread(take, NULL);
    all_used();
}

static void taker_and_borrower(void)
{
    prepare();
    model_spawn(own, (void *)1);
    model_thread(take, NULL);
    model_thread(borrow, (void *)1);
    all_used();
}

/* The monitor takes the P and has not put it anywhere yet; goc_maxprocs finds it without an M, and
 * gives it to somebody else, who has to see what its M did. */
static void use_and_leave(void *unused)
{
    (void)unused;
    goc__m_local = &owner;
    use();
    goc__leave(&owner);
}

static void take_alone(void *unused)
{
    (void)unused;
    goc__claim_take(&owner, &held);
}

static void find(void *unused)
{
    (void)unused;
    if (load_acquire(&held.m) == NULL)
        use();
}

static void owner_taker_and_finder(void)
{
    prepare();
    owner.depth = 1;
    model_spawn(use_and_leave, NULL);
    model_thread(take_alone, NULL);
    model_thread(find, NULL);
    all_used();
}

/* A new M, and one who lets no M enter any more. */
static void add_m(void *unused)
{
    (void)unused;
    goc__lock(&goc__sched.lock);
    goc__boot_new_m();
    goc__unlock(&goc__sched.lock);
}

static void freeze_all(void *unused)
{
    (void)unused;
    goc__claim_freeze();
}

static void new_m_and_freeze(void)
{
    model_thread(add_m, NULL);
    model_thread(freeze_all, NULL);
    model_join();
}

int main(void)
{
    model_explore("claim: owner, taker, finder", owner_taker_and_finder, 3, 1);
    model_explore("claim: a new M, a freeze", new_m_and_freeze, 3, 1);
    model_explore("claim: owner, borrower", owner_and_borrower, 3, 2);
    model_explore("claim: owner, two borrowers", owner_and_two_borrowers, 2, 1);
    model_explore("claim: owner, taker", owner_and_taker, 2, 1);
    model_explore("claim: owner, taker, borrower", taker_and_borrower, 2, 0);
    model_random("claim: owner, two borrowers", owner_and_two_borrowers, 5, 3000);
    model_random("claim: owner, taker, borrower", taker_and_borrower, 5, 3000);
}
