/* A ring is plain memory of its owner's, so a thief first asks the owner to share (it does
 * at its next scheduling decision, within microseconds when its goroutines talk), and only an
 * owner that has made no decision for SETTLED_NS has its P borrowed (claim.h), at the price
 * of a process-wide barrier for half a ring.  The same delay leaves a goroutine just handed
 * over where its data is: it runs there as soon as the one that readied it parks.
 *
 * Brief queues.  Beside a detector a goroutine that moves takes with it what it and its channels
 * know of others, some twenty lines of the cache for each that it talks to, and each look at a P
 * takes from its owner the lines that decisions write.  A queue that is through within WORTH_NS, as
 * the last decisions went, is done sooner than moved: four stages of a pipeline on two Ps take
 * twice the CPU time that they take on one.  While there is nothing else the thief sleeps for
 * NAP_NS at a time.  It keeps its P and counts as one that looks for work, so that nobody is woken
 * in its place; longer work waits for it for a nap at the most, timers do not.
 *
 * Brisk Ps.  To move a goroutine that has not begun costs its strand's lines and, for both Ps,
 * those that every birth and end writes: more than the goroutine takes where it only says that it
 * is done.  So beside a detector newborns stay with a P whose decisions take less than MOVED_NS
 * each, spawning counted in, as thieves saw it every PACE_NS or so, a few times more often than
 * not; they sleep meanwhile, as above.  An owner that has decided nothing since the last such nap
 * may compute for long: its newborns are taken.
 *
 * One CPU.  A thief that finds itself on the CPU of who woke it has taken that CPU away from it:
 * the kernel had no other.  What it then sees is a P that decides nothing while it is looked at,
 * and each hand-off of that P wakes it again.  So it looks once, naps, and looks again: by then it
 * may be elsewhere, and a P that has decided nothing meanwhile computes, and has its queue taken.
 * Where that P's goroutines took TALK_NS each, the thief goes on looking as it does elsewhere: the
 * kernel then sees two threads that want a CPU, and there is enough to take.  One that has looked
 * for SPIN_NS in vain where a P has much is taken to be there, too.
 */
#include "sched/steal.h"

#include "os/clock.h"
#include "os/futex.h"
#include "os/thread.h"
#include "sched/claim.h"
#include "sched/idle.h"
#include "sched/poller.h"
#include "sched/random.h"
#include "sched/runq.h"
#include "sched/sched.h"

/* Beside a detector decisions take five times as long, and so does what an idle P saves. */
#ifdef GOC_RACE
enum {
    SPIN_NS = 40000,
    SETTLED_NS = 20000,
    PAUSES = 64,
    WATCH_NS = 10000,
    WORTH_NS = 2000,
    MOVED_NS = 1000,
    TALK_NS = 20000,
};
#else
enum {
    SPIN_NS = 20000, /* about what a futex sleep and wake costs across CPUs */
    SETTLED_NS = 5000,
    PAUSES = 16,  /* between two looks */
    WATCH_NS = 0, /* a queue is asked for at once */
    WORTH_NS = 0,
    MOVED_NS = 0,
    TALK_NS = 5000,
};
#endif

enum {
    NAP_NS = 150000,           /* a sleep and a wake in it take an eighth of a CPU */
    PACE_NS = 1000000,         /* some naps, and thousands of decisions of a brisk P */
    PACE_OLD_NS = 8 * PACE_NS, /* so long after the last look nobody watched */
    BRISK_MOST = 4,            /* verdicts that one of the contrary takes back at most */
    DECISIONS_FEW = 4,         /* during a barrier */
    EAGER_HANDOFFS = 256,      /* hand-offs that wake a thief at once, after a theft */
};

/* A victim seen with work, and for how long it has made no decision. */
struct suspect {
    struct p *p;
    uint32_t tick;
    int64_t since;
};

/* One seen with a queue, and what it had decided by then. */
struct queue {
    struct p *p; /* NULL: none yet */
    uint32_t tick;
    int64_t since;
    bool at_once; /* it is not watched */
    bool asked;   /* for a share of it */
    bool brief;   /* it was watched, and is not worth moving */
};

/* What a thief has seen. */
struct looks {
    struct suspect suspect;
    struct queue queue;
    bool brisk; /* somebody was, whose newborns stay */
};

/* SUSPECT was not to be borrowed, and has goroutines that have not begun; a ring is asked for at
 * once.  If it has made a decision or two since the last look, they run about as long as a barrier
 * takes, ten microseconds or twenty on a virtual machine: it would be missed again and again, each
 * time at the price of a barrier.  Shorter ones are done sooner than moved. */
static void ask_to_share(const struct suspect *suspect)
{
    struct p *p = suspect->p;
    uint32_t decisions = load_relaxed(&p->tick) - suspect->tick;
    if (load_relaxed(&p->newborn_count) > 1 && decisions > 0 &&
        decisions <= DECISIONS_FEW)
        fetch_or_relaxed(&p->attention, (uint32_t)ATTENTION_SHARE);
}

/* Take half of what SUSPECT's owner has queued. */
static bool borrow_from(struct m *m, const struct suspect *suspect)
{
    struct m *owner = load_acquire(&suspect->p->m);
    if (owner == NULL)
        return false;
    struct p *p = goc__claim_borrow(owner);
    if (p == NULL) {
        ask_to_share(suspect);
        return false;
    }
    bool stolen = goc__runq_steal(m->p, p) > 0;
    if (stolen)
        store_relaxed(&p->eager, (uint32_t)EAGER_HANDOFFS);
    goc__claim_return(owner);
    return stolen;
}

/* VICTIM, which has made TICK decisions, has a queue: ask for a share once that is seen to be worth
 * it. */
static void watch(struct queue *queue, struct p *victim, uint32_t tick, int64_t now)
{
    if (queue->p == NULL) {
        queue->p = victim;
        queue->tick = tick;
        queue->since = now;
    }
    int64_t watched = now - queue->since;
    if (queue->p != victim || queue->asked || (watched < WATCH_NS && !queue->at_once))
        return;
    queue->brief =
        watched * goc__runq_length(victim) < (int64_t)(tick - queue->tick) * WORTH_NS;
    queue->asked = !queue->brief;
    if (queue->asked)
        fetch_or_relaxed(&victim->attention, (uint32_t)ATTENTION_SHARE);
}

/* VICTIM has made DECISIONS within WATCHED. */
static void judge(struct p *victim, int64_t decisions, int64_t watched)
{
    uint32_t brisk = load_relaxed(&victim->brisk);
    if (watched < decisions * MOVED_NS)
        store_relaxed(&victim->brisk, brisk < BRISK_MOST ? brisk + 1 : brisk);
    else if (brisk > 0)
        store_relaxed(&victim->brisk, brisk - 1);
}

/* May the newborns of VICTIM, which has made TICK decisions, stay where they are for another
 * nap? */
static bool is_brisk(struct p *victim, uint32_t tick, int64_t now)
{
    int64_t watched = now - load_relaxed(&victim->paced);
    if (watched >= PACE_NS) {
        if (watched < PACE_OLD_NS)
            judge(victim, tick - load_relaxed(&victim->paced_tick), watched);
        store_relaxed(&victim->paced, now);
        store_relaxed(&victim->paced_tick, tick);
    }
    if (load_relaxed(&victim->brisk) == 0 || load_relaxed(&victim->passed) == tick)
        return false;
    store_relaxed(&victim->passed, tick);
    return true;
}

static bool has_newborns_only(const struct p *p)
{
    return goc__runq_length(p) == 0 && load_relaxed(&p->runnext) == NULL &&
           load_relaxed(&p->newborn_count) > 0;
}

static bool steal_from(struct m *m, struct p *victim, struct looks *looks, int64_t now)
{
    struct suspect *suspect = &looks->suspect;
    if (!goc__p_has_work(victim))
        return false;
    uint32_t tick = load_relaxed(&victim->tick);
    if (MOVED_NS > 0 && has_newborns_only(victim) && is_brisk(victim, tick, now)) {
        looks->brisk = true;
        return false;
    }
    if (goc__runq_length(victim) > 1 && (WATCH_NS > 0 || suspect->p == NULL))
        watch(&looks->queue, victim, tick, now);
    if (suspect->p == victim && suspect->tick == tick)
        return now - suspect->since >= SETTLED_NS && borrow_from(m, suspect);
    *suspect = (struct suspect){.p = victim, .tick = tick, .since = now};
    return false;
}

/* One look at everybody. */
static bool look(struct m *m, struct looks *looks, int64_t now)
{
    if (load_relaxed(&goc__sched.queued) > 0)
        return true;
    if (goc__poller_look(now) && goc__p_has_work(m->p))
        return true;
    uint32_t count = load_acquire(&goc__sched.proc_count);
    uint32_t start = goc__random_below(count);
    for (uint32_t i = 0; i < count; i++) {
        struct p *victim = load_relaxed(&goc__sched.procs[(start + i) % count]);
        /* What the timers ready comes to the caller's P. */
        if (load_relaxed(&victim->timers.earliest) <= now &&
            goc__timers_run_some(&victim->timers, now, m->p) && goc__p_has_work(m->p))
            return true;
        if (victim != m->p && steal_from(m, victim, looks, now))
            return true;
    }
    return false;
}

/* May one more M look for work?  At most half as many as are busy, as in Go: more would
 * only meet each other. */
static bool start_spinning(struct m *m)
{
    if (m->spinning)
        return true;
    uint32_t busy =
        load_relaxed(&goc__sched.limit) - load_relaxed(&goc__sched.idle_p_count);
    if (2 * load_relaxed(&goc__sched.spinning) >= busy)
        return false;
    m->spinning = true;
    fetch_add_relaxed(&goc__sched.spinning, 1u);
    return true;
}

/* M sleeps for a while, at the most until the next timer.  Nobody wakes it: it is in no list. */
static void nap(struct m *m, int64_t now)
{
    int64_t earliest = goc__idle_earliest();
    int64_t until = now + NAP_NS;
    goc__futex_wait(&m->wake, 0, earliest < until ? earliest : until);
}

/* Would M take the CPU from who has work? */
static bool is_in_the_way(const struct m *m)
{
    return m->crowded_cpu != 0 && m->crowded_cpu == 1 + goc__thread_cpu();
}

/* As SUSPECT has decided since it was seen, would its goroutines be through before they are
 * moved? */
static bool is_talking(const struct suspect *suspect, int64_t now)
{
    if (suspect->p == NULL)
        return true; /* there was nothing to take */
    uint32_t decisions = load_relaxed(&suspect->p->tick) - suspect->tick;
    return now - suspect->since < (int64_t)decisions * TALK_NS;
}

/* What a thief does first whose CPU is another's; answers whether it goes on looking.  Until it has
 * napped it counts as asleep: what comes meanwhile wakes another M where there is a P for it, and
 * the nap does not begin with work in the global queue.  seq_cst: goc__idle_inject. */
static bool make_way(struct m *m, const struct suspect *suspect)
{
    m->spinning = false;
    fetch_sub_seq_cst(&goc__sched.spinning, 1u);
    if (load_seq_cst(&goc__sched.queued) == 0)
        nap(m, suspect->p == NULL ? goc__clock_now() : suspect->since);
    if (start_spinning(m))
        return !is_talking(suspect, goc__clock_now());
    m->crowded_cpu = 0;
    return false;
}

bool goc__steal_look(struct m *m)
{
    struct looks looks = {.queue.at_once = true};
    return look(m, &looks, goc__clock_now());
}

bool goc__steal(struct m *m)
{
    struct looks looks = {.queue.at_once = false};
    int64_t start = goc__clock_now();
    if (look(m, &looks, start))
        return true;
    if (load_relaxed(&goc__sched.limit) == 1 || !start_spinning(m))
        return false;
    int64_t now;
    if (is_in_the_way(m)) {
        bool goes_on = make_way(m, &looks.suspect);
        start = goc__clock_now();
        if (look(m, &looks, start))
            return true;
        if (!goes_on)
            return false;
    }
    do {
        for (int i = 0; i < PAUSES; i++)
            cpu_relax();
        now = goc__clock_now();
        if (look(m, &looks, now))
            return true;
        if (looks.queue.brief || looks.brisk) {
            nap(m, now);
            return true;
        }
    } while (now - start < SPIN_NS);
    return false;
}
