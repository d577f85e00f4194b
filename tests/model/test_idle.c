/* Ms that stop looking for work, against those that make some or make Ps: no goroutine is left
 * queued while a P is idle and nobody looks, and what is found through a P was written before. */
#include "model.h"
#include "os/clock.h"
#include "os/futex.h"
#include "os/pages.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/idle.h"
#include "sched/monitor.h"
#include "sched/policy.h"
#include "sched/procs.h"
#include "sched/runq.h"
#include "sched/steal.h"

#include <goc/go.h>
#include <sys/mman.h>

enum { STACK_BYTES = 32 * 1024, MANY_MS = 10, TIMER_NS = 1000 };

static struct m owner;
static struct m other;
static struct m sleeper;
static struct p held;
static struct p spare;
static struct g found;
static struct g injected;
static struct context home; /* of the task that runs the scheduler */
static int numbers[3];      /* each M's errno */

static void prepare_m(struct m *m, int number)
{
    m->id = 100 + (uint32_t)number;
    m->error_number = &numbers[number];
    list_init(&m->idle_link);
}

static void prepare_p(struct p *p)
{
    list_init(&p->idle_link);
    goc__timers_init(&p->timers);
    p->tick = 1; /* no look around yet */
}

static void prepare(uint32_t limit)
{
    prepare_m(&owner, 0);
    prepare_m(&other, 1);
    prepare_m(&sleeper, 2);
    prepare_p(&held);
    prepare_p(&spare);
    store_relaxed(&goc__boot_phase, (uint32_t)BOOT_STARTED);
    store_relaxed(&goc__sched.limit, limit);
    goc__sched.m_count = MANY_MS; /* some M is always awake: no deadlock */
}

static void stay(void)
{
    static uint32_t never;
    for (;;)
        goc__futex_wait(&never, 0, FUTEX_NO_DEADLINE);
}

static void inject(void *unused)
{
    (void)unused;
    goc__idle_inject(&injected);
}

/* ---- work comes while an M stops looking -------------------------------------------------- */

/* A goroutine that goes on as the task which switched to the scheduler. */
static void go_home(void)
{
    goc__context_switch(&found.context, &home);
}

static void make_runnable(struct g *g, void (*entry)(void))
{
    goc__context_make(&g->context,
                      (char *)goc__pages_permanent(STACK_BYTES) + STACK_BYTES, entry);
}

/* It finds FOUND, and does not look for more. */
static void find_and_run(void *unused)
{
    (void)unused;
    goc__m_local = &owner;
    goc__context_make(&owner.scheduler,
                      (char *)goc__pages_permanent(STACK_BYTES) + STACK_BYTES,
                      goc__sched_loop);
    goc__context_switch(&home, &owner.scheduler);
    MODEL_CHECK(owner.g == &found);
}

/* SLEEPER is there to be woken. */
static void let_sleep(void)
{
    list_push_front(&goc__sched.idle_ms, &sleeper.idle_link);
    goc__sched.idle_m_count = 1;
}

static void work_against_an_m_that_found_some(void)
{
    prepare(2);
    owner.depth = 1;
    owner.p = &held;
    owner.spinning = true;
    held.m = &owner;
    store_relaxed(&goc__sched.spinning, 1u);
    make_runnable(&found, go_home);
    goc__policy_add(&held, &found, POLICY_READIED);
    goc__idle_add_p(&spare);
    let_sleep();
    model_spawn(find_and_run, NULL);
    model_thread(inject, NULL);
    model_join();
    MODEL_CHECK(load_relaxed(&goc__sched.queued) == 1);
    MODEL_CHECK(sleeper.p == &spare && load_relaxed(&sleeper.wake) == 1);
}

static void drop_and_sleep(void *unused)
{
    (void)unused;
    goc__m_local = &owner;
    goc__idle_drop_p(&owner);
    if (owner.p == NULL)
        goc__idle_sleep(&owner);
    MODEL_CHECK(owner.p == &held);
    MODEL_CHECK(goc__runq_take(&held) == &injected);
}

/* Either that M has its P again, or another one has. */
static void inject_and_join(void)
{
    goc__m_local = &other;
    other.depth = 1;
    goc__idle_inject(&injected);
    if (sleeper.p == NULL)
        model_join();
    MODEL_CHECK(model_time_jumps() == 0);
}

static void work_against_an_m_that_found_none(void)
{
    prepare(1);
    let_sleep();
    owner.depth = 1;
    owner.p = &held;
    owner.spinning = true;
    held.m = &owner;
    store_relaxed(&goc__sched.spinning, 1u);
    model_spawn(drop_and_sleep, NULL);
    inject_and_join();
}

static void sleep_and_hold(void *unused)
{
    (void)unused;
    goc__m_local = &owner;
    goc__idle_sleep(&owner);
    MODEL_CHECK(owner.p == goc__sched.procs[0]);
}

/* M has slept until a timer is due, which is when it is woken. */
static void work_against_an_m_whose_time_comes(void)
{
    prepare(1);
    owner.depth = 1;
    struct p *p = goc__sched.procs[0];
    p->m = NULL;
    store_relaxed(&p->timers.earliest, goc__clock_now() + TIMER_NS);
    goc__idle_add_p(p);
    make_runnable(&injected, stay);
    model_spawn(sleep_and_hold, NULL);
    goc__m_local = &other;
    other.depth = 1;
    goc__clock_sleep_until(load_relaxed(&p->timers.earliest));
    goc__idle_inject(&injected);
    if (goc__sched.m_count == MANY_MS) /* else a new M has the P */
        model_join();
}

/* ---- the monitor's sleep ------------------------------------------------------------------ */

static void monitor(void *unused)
{
    (void)unused;
    goc__monitor_sleep();
}

static void take_p(void *unused)
{
    (void)unused;
    MODEL_CHECK(goc__idle_take_p(&other));
}

static void an_m_against_the_monitors_sleep(void)
{
    prepare(1);
    goc__idle_add_p(&held);
    model_spawn(monitor, NULL);
    model_thread(take_p, NULL);
    model_join(); /* or the monitor sleeps while a P is in use */
}

/* ---- a new M, found through its P --------------------------------------------------------- */

static void hand_off(void *unused)
{
    (void)unused;
    goc__idle_hand_off(&held);
}

static void a_thief_against_a_new_m(void)
{
    prepare(2);
    store_relaxed(&goc__sched.procs[1], &held);
    store_relaxed(&goc__sched.proc_count, 2u);
    make_runnable(&found, stay);
    make_runnable(&injected, stay);
    goc__policy_add(&held, &found, POLICY_READIED);
    goc__policy_add(&held, &injected, POLICY_READIED);
    owner.depth = 1;
    owner.p = goc__sched.procs[0];
    owner.p->m = &owner;
    goc__m_local = &owner;
    model_thread(hand_off, NULL);
    goc__steal(&owner);
}

/* ---- a thief that comes when the owner is back in the runtime ------------------------------ */

static unsigned *requests; /* in a mapping, which executions leave as it is */

/* HELD's owner, which stays in the runtime, lets another goroutine run. */
static void decide(void *unused)
{
    (void)unused;
    store_relaxed(&held.tick, load_relaxed(&held.tick) + 1);
}

static void a_thief_that_is_refused(void)
{
    prepare(2);
    store_relaxed(&goc__sched.procs[1], &held);
    store_relaxed(&goc__sched.proc_count, 2u);
    store_relaxed(&held.newborn_count, 2u);
    other.depth = 1;
    other.p = &held;
    held.m = &other;
    owner.depth = 1;
    owner.p = goc__sched.procs[0];
    owner.p->m = &owner;
    goc__m_local = &owner;
    model_spawn(decide, NULL);
    MODEL_CHECK(!goc__steal(&owner));
    model_join();
    uint32_t asked = load_relaxed(&held.attention);
    MODEL_CHECK(asked == 0 || asked == ATTENTION_SHARE);
    *requests += asked == ATTENTION_SHARE;
}

/* ---- new Ps ------------------------------------------------------------------------------- */

static void (*reader)(void);

static void read_ps(void *unused)
{
    (void)unused;
    goc__m_local = &owner;
    reader();
}

static void more_ps(void *unused)
{
    (void)unused;
    goc_maxprocs(3);
}

/* READER goes through all Ps, by the first M. */
static void new_ps_against(void (*f)(void))
{
    prepare(1);
    owner.depth = 1;
    owner.p = goc__sched.procs[0];
    owner.p->m = &owner;
    reader = f;
    let_sleep();
    model_spawn(read_ps, NULL);
    model_thread(more_ps, NULL);
    model_join();
}

static void look_for_timers(void)
{
    MODEL_CHECK(goc__idle_earliest() == TIMER_NEVER);
}

static void look_at_all(void)
{
    MODEL_CHECK(!goc__steal_look(&owner));
}

static void count_goroutines(void)
{
    goc__procs_live();
}

static void fewer_ps(void)
{
    goc_maxprocs(1);
}

static void stop_looking(void)
{
    owner.spinning = true;
    fetch_add_relaxed(&goc__sched.spinning, 1u);
    goc__idle_drop_p(&owner);
}

static void new_ps_against_timers(void)
{
    new_ps_against(look_for_timers);
}

static void new_ps_against_a_thief(void)
{
    new_ps_against(look_at_all);
}

static void new_ps_against_a_count(void)
{
    new_ps_against(count_goroutines);
}

static void new_ps_against_fewer(void)
{
    new_ps_against(fewer_ps);
}

static void new_ps_against_one_given_up(void)
{
    new_ps_against(stop_looking);
}

/* ---- a P that is wanted again while its M loses it ---------------------------------------- */

static void use(struct p *p)
{
    p->contended++; /* plain */
}

static void lock_thread(void *unused)
{
    (void)unused;
    goc__m_local = &owner;
    use(&held);
    goc_lock_os_thread();
}

static void take_from_owner(void *unused)
{
    (void)unused;
    goc__claim_take(&owner, &held);
}

static void leave_runtime(void *unused)
{
    (void)unused;
    goc__m_local = &owner;
    use(&held);
    goc__leave(&owner);
}

static void take_and_use(void *unused)
{
    (void)unused;
    goc__m_local = &other;
    if (goc__idle_take_p(&other))
        use(other.p);
}

/* HELD is to be used again, by whoever takes it. */
static void want_again(void)
{
    model_spawn(take_and_use, NULL);
    goc__m_local = &sleeper;
    goc_maxprocs(2);
    model_join();
}

static void prepare_unwanted(void)
{
    prepare(1);
    store_relaxed(&goc__sched.procs[1], &held);
    store_relaxed(&goc__sched.proc_count, 2u);
    store_relaxed(&goc__sched.spinning, 1u); /* somebody looks: nobody else is woken */
    held.id = 1;
    held.retired = true;
    held.m = &owner;
    owner.p = &held;
    owner.g = &found;
    make_runnable(&found, stay);
    owner.scheduler = found.context;
}

static void wanted_again_against_a_locked_thread(void)
{
    prepare_unwanted();
    model_spawn(lock_thread, NULL);
    want_again();
}

static void wanted_again_against_the_monitor(void)
{
    prepare_unwanted();
    owner.depth = 1;
    model_spawn(leave_runtime, NULL);
    model_thread(take_from_owner, NULL);
    want_again();
}

int main(void)
{
    requests = mmap(NULL, GOC_PAGE_BYTES, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    model_explore("idle: work, an M that found some", work_against_an_m_that_found_some,
                  3, 2);
    model_explore("idle: work, an M that found none", work_against_an_m_that_found_none,
                  3, 1);
    model_explore("idle: work, an M whose time comes", work_against_an_m_whose_time_comes,
                  2, 1);
    model_explore("idle: an M, the monitor's sleep", an_m_against_the_monitors_sleep, 3,
                  2);
    model_explore("idle: a thief, a new M", a_thief_against_a_new_m, 1, 1);
    model_explore("idle: a thief, an owner that is back", a_thief_that_is_refused, 1, 1);
    if (*requests == 0)
        model_fail("a thief that was refused has not asked the owner to share");
    model_explore("idle: new Ps, a look for timers", new_ps_against_timers, 3, 2);
    model_explore("idle: new Ps, a thief", new_ps_against_a_thief, 2, 1);
    model_explore("idle: new Ps, a count", new_ps_against_a_count, 3, 2);
    model_explore("idle: new Ps, fewer Ps", new_ps_against_fewer, 2, 1);
    model_explore("idle: new Ps, one given up", new_ps_against_one_given_up, 2, 1);
    model_explore("idle: a P wanted, its M locked", wanted_again_against_a_locked_thread,
                  1, 1);
    model_explore("idle: a P wanted, taken", wanted_again_against_the_monitor, 1, 0);
}
