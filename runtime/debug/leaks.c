/* What can be decided.  A goroutine that waits runs again when somebody wakes it, and in C anybody
 * who holds a pointer may: whether one that waits will never run is undecidable while
 * anything else can run.  It is decided when nothing else can: every other goroutine waits, no
 * timer runs, every thread of the process is the runtime's or waits as well.  Then those that
 * wait could only be woken by the caller; and at exit the caller will not.
 *
 * So a census has two numbers: how many are blocked, and how many might still run.  Only where the
 * second is 0 are the first called lost.
 *
 * A census is taken while others run: it is right about those that do not, and where all that
 * are left wait there is nobody to change it.  Stacks are taken along the frame pointers, which
 * stays within a stack whatever happens to it meanwhile. */
#include "debug/leaks.h"

#include "base/knobs.h"
#include "base/print.h"
#include "base/start.h"
#include "debug/traceback.h"
#include "os/clock.h"
#include "sched/boot.h"
#include "sched/idle.h"
#include "sched/monitor.h"
#include "sched/newborn.h"
#include "sched/procs.h"
#include "sched/stack.h"
#include "sched/thread.h"

#include <goc/debug.h>
#include <goc/go.h>
#include <goc/time.h>
#include <unistd.h>

#define PATIENCE_NS INT64_C(1000000000)
#define LOOK_NS INT64_C(1000000)

struct census {
    const struct g *self;
    int blocked; /* wait for somebody else */
    int able;    /* run, may run, or wait for the time or the system */
};

/* const after the start: 0 where no list is wanted at exit */
AT_START static pid_t process;

static bool is_alive(const struct g *g)
{
    enum g_status status = goc__status(g);
    return status == G_RUNNABLE || status == G_RUNNING || status == G_WAITING;
}

/* Does G wait for another goroutine or thread, and not for the time or the system? */
static bool is_blocked(const struct g *g)
{
    return goc__status(g) == G_WAITING && g->reason != WAIT_SLEEP && g->reason != WAIT_IO;
}

static void count(struct g *g, void *argument)
{
    struct census *census = argument;
    if (g == census->self || !is_alive(g))
        return;
    if (is_blocked(g))
        census->blocked++;
    else
        census->able++;
}

/* Of all goroutines but SELF and goroutine 1. */
static struct census take_census(const struct g *self)
{
    struct census census = {.self = self};
    goc__stack_each(count, &census);
    goc__newborn_each(count, &census);
    return census;
}

/* Might something that is no goroutine wake one?  ME  1 where the caller is such a thread. */
static bool others_might(int me)
{
    if (goc__idle_earliest() != TIMER_NEVER)
        return true;
    goc__lock(&goc__sched.lock);
    int ours = (int)goc__sched.m_count + goc__monitor_threads();
    goc__unlock(&goc__sched.lock);
    return goc__thread_others(ours + me) > 0;
}

static bool is_left(const struct g *g, const void *self)
{
    return g != self && g->kind == G_GOROUTINE && is_alive(g);
}

static bool is_stuck(const struct g *g, const void *self)
{
    return g != self && is_blocked(g);
}

/* Is it settled that none of CENSUS but the caller, and perhaps goroutine 1, will run? */
static bool is_settled(const struct census *census, const struct g *self)
{
    const struct g *first = goc__boot_main();
    bool able = first != self && is_alive(first) && !is_blocked(first);
    return census->able == 0 && !able && !others_might(goc__is_thread(self));
}

int goc_verify_no_leaks(void)
{
    const struct g *self = goc__self();
    int64_t end = goc__clock_now() + PATIENCE_NS;
    struct census census = take_census(self);
    while (census.blocked + census.able > 0 && goc__clock_now() < end &&
           !is_settled(&census, self)) {
        goc_sleep(LOOK_NS);
        self = goc__self();
        census = take_census(self);
    }
    int left = census.blocked + census.able;
    if (left == 0)
        return 0;
    goc__print("goc: %d goroutine%s left:\n", left, left > 1 ? "s" : "");
    goc__traceback_some(is_left, self);
    return left;
}

void goc__leaks_start(void)
{
    if (goc__knobs.leak != 0)
        process = getpid();
}

static void print_at_exit(void)
{
    const struct g *self = goc__self();
    struct census census = take_census(self);
    const struct g *first = goc__boot_main();
    if (first != self && is_alive(first))
        count(goc__boot_main(), &census);
    if (census.blocked == 0)
        return;
    bool settled = census.able == 0 && !others_might(goc__is_thread(self));
    const char *some = census.blocked > 1 ? "s" : "";
    if (settled)
        goc__print("goc: at exit %d goroutine%s can never run again:\n", census.blocked,
                   some);
    else
        goc__print("goc: at exit %d goroutine%s blocked, while %d could still run:\n",
                   census.blocked, census.blocked > 1 ? "s are" : " is", census.able);
    goc__traceback_some(is_stuck, self);
}

/* After the program's own destructors, which may still end some. */
__attribute__((__destructor__(102))) static void list_at_exit(void)
{
    if (process == 0 || getpid() != process || !goc__boot_started())
        return;
    event_internal_begin();
    print_at_exit();
    event_internal_end();
}
