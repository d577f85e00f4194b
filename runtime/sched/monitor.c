/* What nobody else can notice, because the thread concerned is in user code:
 *
 *   A goroutine blocked its thread in the kernel: its P goes to another M.
 *   A goroutine uses the CPU and others starve behind it: its P goes to another M too, and the
 *     kernel shares the CPUs among the threads.  HOGS_MAX bounds how many threads run so.  Not the
 *     only P from a foreign loop's thread.
 *   A goroutine computes while another one, handed over to it, waits and a P is idle.
 *   A timer is late; events wait, and no P looks for them.
 *
 * How blocked is told from busy: the P has made no decision for BLOCKED_NS, the thread's CPU
 * clock stands, and /proc says that it sleeps.  A thread that merely waits for a CPU counts as
 * busy; one that sleeps inside the runtime keeps its P.
 *
 * The monitor looks every LOOK_LEAST_NS after it had something to do, then less and less often,
 * at least every LOOK_MOST_NS; when all Ps have been idle for DEEP_NS it sleeps until an
 * M nudges it.  Work that waits while a P is idle makes it look a second time right away: a
 * hand-over has been decided by then, work that waits on a computation has not.
 */
#include "sched/monitor.h"

#include "base/knobs.h"
#include "base/panic.h"
#include "base/start.h"
#include "events/events.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/futex.h"
#include "os/thread.h"
#include "sched/boot.h"
#include "sched/claim.h"
#include "sched/history.h"
#include "sched/idle.h"
#include "sched/poller.h"
#include "sched/sched.h"
#include "sched/stack.h"
#include "sched/thread.h"
#include "sched/trace.h"

#define LOOK_LEAST_NS INT64_C(50000)
#define LOOK_MOST_NS INT64_C(10000000)
#define BLOCKED_NS INT64_C(100000)
#define HOG_NS INT64_C(10000000) /* Go's time slice */
#define DEEP_NS INT64_C(1000000000)
#define EVENTS_LATE_NS INT64_C(10000000)
#define SCAVENGE_NS INT64_C(1000000000)

enum {
    LOOKS_BEFORE_SLOWER = 20,
    HOGS_MAX = 64,
    EAGER_HANDOFFS = 256, /* as steal.c */
};

/* What a look has found. */
enum finding { NOTHING, WAITING_WORK, ACTED };

/* What the monitor saw of a P last. */
struct watch {
    struct m *m;
    uint32_t tick;
    int64_t since; /* neither of the two has changed since then */
};

AT_START uint32_t goc__monitor_sleeps;

AT_START static struct m monitor_m;
static struct watch watches[PROCS_MAX]; /* monitor */
AT_START static uint32_t threads;       // atomic

/* Is the thread of M, which stays where it is, asleep in the kernel?  Or gone, because the
 * program ended it with pthread_exit? */
static bool asleep(struct m *m)
{
    int32_t tid = load_relaxed(&m->tid);
    int64_t used = tid != 0 ? goc__thread_cpu_time(tid) : 0;
    if (used < 0)
        return true;
    if (used != m->cpu_time) {
        m->cpu_time = used;
        return false;
    }
    if (m->state_fd == 0)
        m->state_fd = goc__thread_state_open(tid);
    return m->state_fd > 0 && goc__thread_sleeps(m->state_fd);
}

/* Does M step, with the only P?  What waits there waits for M's thread: on another one it would
 * run beside what M runs, and beside the loop's callbacks (goc/loop.h). */
static bool excludes_others(const struct m *m)
{
    return load_relaxed(&m->stepper) != NULL && load_relaxed(&goc__sched.limit) == 1;
}

/* Nobody but P's own M could run what waits on P, and that has not for too long. */
static bool starves(struct p *p, int64_t stuck, int64_t now)
{
    return stuck >= HOG_NS && load_relaxed(&goc__sched.idle_p_count) == 0 &&
           load_relaxed(&goc__sched.hogs) < HOGS_MAX &&
           (goc__p_has_work(p) || load_relaxed(&goc__sched.queued) > 0 ||
            load_relaxed(&p->timers.earliest) <= now);
}

static bool take_from_hog(struct m *m, struct p *p)
{
    /* Before the take: the M looks at it as soon as it has lost its P. */
    store_relaxed(&m->hog, true);
    fetch_add_relaxed(&goc__sched.hogs, 1u);
    if (goc__claim_take(m, p))
        return true;
    if (exchange_relaxed(&m->hog, false))
        fetch_sub_relaxed(&goc__sched.hogs, 1u);
    return false;
}

static enum finding look_at(struct p *p, struct watch *watch, int64_t now)
{
    struct m *m = load_acquire(&p->m);
    uint32_t tick = load_relaxed(&p->tick);
    bool waits = goc__p_has_work(p) && load_relaxed(&goc__sched.idle_p_count) > 0;
    if (m == NULL || m != watch->m || tick != watch->tick) {
        *watch = (struct watch){.m = m, .tick = tick, .since = now};
        return waits ? WAITING_WORK : NOTHING;
    }
    if (load_relaxed(&m->depth) != 0)
        return NOTHING;
    int64_t stuck = now - watch->since;
    const struct g *g = load_relaxed(&m->g);
    if (stuck >= BLOCKED_NS && asleep(m)) {
        if (!goc__claim_take(m, p))
            return NOTHING;
        if (TOGGLE())
            goc__history_lost_p(&monitor_m, g, now, false);
        goc__idle_hand_off(p);
        return ACTED;
    }
    if (starves(p, stuck, now) && !excludes_others(m) && take_from_hog(m, p)) {
        if (TOGGLE())
            goc__history_lost_p(&monitor_m, g, now, true);
        goc__idle_hand_off(p);
        return ACTED;
    }
    if (waits) {
        store_relaxed(&p->eager, (uint32_t)EAGER_HANDOFFS);
        goc__idle_wake();
        return ACTED;
    }
    return NOTHING;
}

static enum finding look_at_all(int64_t now)
{
    enum finding most = NOTHING;
    uint32_t count = load_acquire(&goc__sched.proc_count);
    for (uint32_t i = 0; i < count; i++) {
        enum finding found =
            look_at(load_relaxed(&goc__sched.procs[i]), &watches[i], now);
        if (found > most)
            most = found;
    }
    return most;
}

static bool all_idle(void)
{
    return load_relaxed(&goc__sched.idle_p_count) == load_relaxed(&goc__sched.limit);
}

/* Until when to sleep after a look at NOW. */
static int64_t next_look(int64_t now, int64_t interval)
{
    int64_t until = now + interval;
    if (load_relaxed(&goc__sched.idle_p_count) == 0)
        return until;
    int64_t earliest = goc__idle_earliest();
    if (earliest < until)
        until = earliest > now + LOOK_LEAST_NS ? earliest : now + LOOK_LEAST_NS;
    return until;
}

/* Against an M that gets a P, and nudges:
 *   here:   sleeps = 1, all Ps are idle
 *   there:  fewer Ps are idle, sleeps is 0: no nudge
 * Without the fence here and in goc__monitor_nudge both could read the old value. */
void goc__monitor_sleep(void)
{
    store_relaxed(&goc__monitor_sleeps, 1u);
    fence_seq_cst();
    goc__signals_poll(); /* asked for since the last look */
    while (all_idle() && load_relaxed(&goc__monitor_sleeps) != 0)
        goc__futex_wait(&goc__monitor_sleeps, 1, FUTEX_NO_DEADLINE);
    store_relaxed(&goc__monitor_sleeps, 0u);
}

void goc__monitor_wake(void)
{
    store_seq_cst(&goc__monitor_sleeps, 0u); /* after what the caller asks for */
    goc__futex_wake(&goc__monitor_sleeps, 1);
}

/* What goroutines left for their Ps' next looks around, where those do not come. */
static void flush_all(void)
{
    uint32_t count = load_relaxed(&goc__sched.proc_count);
    for (uint32_t i = 0; i < count; i++)
        goc__poller_flush(i);
}

/* What is done now and then besides the looks. */
static void do_chores(int64_t now)
{
    static int64_t last_scavenge; /* monitor */
    int64_t earliest = goc__idle_earliest();
    if (earliest <= now - LOOK_LEAST_NS)
        goc__idle_watch(earliest);
    /* Those that a P handed over when it stepped aside, if the others do not come to them. */
    if (load_relaxed(&goc__sched.queued) > 0)
        goc__idle_wake();
    goc__poller_look_if_late(now, EVENTS_LATE_NS);
    flush_all();
    bool next_round = now - last_scavenge >= SCAVENGE_NS;
    if (next_round)
        last_scavenge = now;
    goc__stack_scavenge(next_round);
    goc__trace(now);
    event_tick();
    goc__signals_poll();
}

/* How long to wait after a look that FOUND something, when it was LAST the time before. */
static int64_t next_interval(int64_t last, enum finding found)
{
    static int quiet; /* monitor: looks in a row without an action */
    if (found == ACTED) {
        quiet = 0;
        return LOOK_LEAST_NS;
    }
    quiet++;
    return quiet > LOOKS_BEFORE_SLOWER && last * 2 <= LOOK_MOST_NS ? last * 2 : last;
}

__attribute__((__noreturn__)) static void watch_for_ever(void)
{
    int64_t interval = LOOK_LEAST_NS;
    int64_t last_busy = goc__clock_now();
    bool again = false; /* this look is the second one, right after another */
    for (;;) {
        int64_t now = goc__clock_now();
        store_relaxed(&goc__sched.coarse_now, now);
        enum finding found = look_at_all(now);
        do_chores(now);
        if (!all_idle())
            last_busy = now;
        again = found == WAITING_WORK && !again;
        if (again) {
            goc__clock_sleep_until(now + LOOK_LEAST_NS);
            continue;
        }
        interval = next_interval(interval, found);
        if (now - last_busy < DEEP_NS || goc__knobs.schedtrace > 0) {
            goc__clock_sleep_until(next_look(now, interval));
        } else {
            goc__monitor_sleep();
            interval = LOOK_LEAST_NS;
            last_busy = goc__clock_now();
        }
    }
}

static void *run(void *unused)
{
    (void)unused;
    goc__thread_become(&monitor_m);
    watch_for_ever();
}

int goc__monitor_threads(void)
{
    return (int)load_acquire(&threads);
}

void goc__monitor_start(void)
{
    monitor_m.id = goc__thread_new_id();
    monitor_m.is_thread = true;
    int result = goc__thread_start(run, NULL);
    if (result != 0)
        goc__fatalf("runtime: failed to create the monitor's thread (errno %d: %s)%s",
                    -result, goc__error_text(-result), goc__error_no_thread(-result));
    /* Only now: a thread of ours that is counted too early hides one that is not ours. */
    store_release(&threads, 1u);
}
