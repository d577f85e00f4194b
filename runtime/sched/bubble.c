#include "sched/bubble.h"

#include "base/panic.h"
#include "events/events.h"
#include "os/pages.h"
#include "sched/claim.h"
#include "sched/small.h"
#include "sched/timers.h"

#include <goc/go.h>
#include <goc/synctest.h>
#include <stddef.h>

struct bubble {
    struct lock lock;
    uint32_t id;      /* const while in use */
    uint32_t total;   /* lock: members that have not ended */
    uint32_t running; /* lock: those that are not durably blocked */
    bool root_rests;  /* lock: the root is parked, and nobody has picked it */
    bool waiting;     /* lock: a member is in goc_synctest_wait */
    bool main_ended;  /* lock */
    struct g *waiter; /* lock: that member, once it may be picked */
    struct g *root;   /* const while in use */
    struct g *main;   /* lock: the first member */
    int64_t now;      // atomic, relaxed: written by the root alone
    struct timers timers;
    struct bubble *next; /* bubbles.lock: the free list */
    char order; /* the sync object: what members did before they blocked or ended */
};

uint32_t goc__synctest_bubbles;

static struct {
    struct lock lock;
    uint32_t last_id;    /* lock */
    struct bubble *free; /* lock */
} bubbles;

/* ---- who counts ------------------------------------------------------------------------ */

/* Nobody is counted: the one to go on, who is counted from now on; the caller readies it.
 * Under the lock. */
static struct g *pick(struct bubble *bubble)
{
    struct g *next = bubble->waiter;
    bubble->running = 1;
    bubble->waiter = NULL;
    if (next != NULL) {
        next->durable = false; /* else its ready would count it again */
        return next;
    }
    goc__assert(bubble->root_rests);
    bubble->root_rests = false;
    return bubble->root;
}

/* One less is running; returns whom to ready, NULL: nobody.  Under the lock. */
static struct g *one_less(struct bubble *bubble)
{
    goc__assert(bubble->running > 0);
    return --bubble->running == 0 ? pick(bubble) : NULL;
}

void goc__bubble_join(struct bubble *bubble, struct g *g)
{
    goc__lock(&bubble->lock);
    if (bubble->main == NULL)
        bubble->main = g;
    bubble->total++;
    bubble->running++;
    goc__unlock(&bubble->lock);
    g->bubble = bubble;
}

void goc__bubble_end(struct g *g)
{
    struct bubble *bubble = g->bubble;
    event_release_merge(&bubble->order);
    g->bubble = NULL;
    goc__lock(&bubble->lock);
    bubble->total--;
    if (g == bubble->main)
        bubble->main_ended = true;
    struct g *next = one_less(bubble);
    goc__unlock(&bubble->lock);
    if (next != NULL)
        goc__ready(next, 0);
}

void goc__bubble_parks(struct g *g)
{
    event_release_merge(&g->bubble->order);
    g->durable = true;
}

static bool has_parked(const struct bubble_parking *parking)
{
    struct bubble *bubble = parking->g->bubble;
    if (parking->unlock != NULL && !parking->unlock(parking->lock))
        return false;
    goc__lock(&bubble->lock);
    struct g *next = one_less(bubble);
    goc__unlock(&bubble->lock);
    if (next == parking->g) /* it waits for the others, who are blocked already */
        return false;
    if (next != NULL)
        goc__ready(next, 0);
    return true;
}

struct leaving {
    struct bubble_parking parking;
    bool parked;
};

static void leave_running(void *argument)
{
    struct leaving *leaving = argument;
    leaving->parked = has_parked(&leaving->parking);
}

bool goc__bubble_parked(void *argument)
{
    /* On the stack of one that may go on as soon as it is unlocked; its bubble stays, because
     * it is counted until one_less. */
    struct leaving leaving = {*(const struct bubble_parking *)argument, false};
    goc__with_room(leave_running,
                   &leaving); /* the successor's stack may be a small one */
    return leaving.parked;
}

void goc__bubble_ready(struct g *g)
{
    struct bubble *bubble = g->bubble;
    const struct g *self = goc__m()->g;
    if (self != NULL && self->bubble != bubble)
        goc__fatal("semaphore wake of synctest goroutine from outside bubble");
    goc__lock(&bubble->lock);
    goc__assert(bubble->running > 0);
    bubble->running++;
    goc__unlock(&bubble->lock);
    g->durable = false;
}

/* ---- what members see ------------------------------------------------------------------ */

struct bubble *goc__bubble_self(void)
{
    const struct g *g = goc__m()->g;
    return g != NULL ? g->bubble : NULL;
}

uint32_t goc__bubble_number(const struct bubble *bubble)
{
    return bubble->id;
}

uint32_t goc__bubble_id_slow(void)
{
    const struct bubble *bubble = goc__bubble_self();
    return bubble != NULL ? bubble->id : 0;
}

int64_t goc__bubble_now_slow(void)
{
    const struct bubble *bubble = goc__bubble_self();
    return bubble != NULL ? load_relaxed(&bubble->now) : goc__clock_now();
}

int64_t goc__bubble_real_slow(int64_t time)
{
    const struct bubble *bubble = goc__bubble_self();
    if (bubble == NULL || time == TIMER_NEVER)
        return time;
    int64_t left;
    int64_t real;
    if (__builtin_sub_overflow(time, load_relaxed(&bubble->now), &left) ||
        __builtin_add_overflow(goc__clock_now(), left, &real))
        return time < 0 ? 0 : TIMER_NEVER - 1;
    return real;
}

void goc__bubble_check(uint32_t id, const char *what)
{
    if (goc__bubble_id() != id)
        goc__panic_about(what, " from outside bubble");
}

/* ---- the clock ------------------------------------------------------------------------- */

/* Fire what is due.  It is nobody's doing: on the strand of no goroutine. */
static void run_timers(struct bubble *bubble)
{
    struct m *m = goc__enter();
    event_strand *strand = event_strand_current();
    event_strand_switch(NULL);
    goc__timers_run(&bubble->timers, load_relaxed(&bubble->now));
    event_strand_switch(strand);
    goc__leave(m);
}

void goc__bubble_timer_start(struct bubble *bubble, struct timer *timer, int64_t when)
{
    goc__timers_add(&bubble->timers, timer, when);
    if (when <= load_relaxed(&bubble->now))
        run_timers(bubble);
}

/* The root is off its stack.  False: everybody is blocked already. */
static bool rest(void *argument)
{
    struct bubble *bubble = argument;
    goc__lock(&bubble->lock);
    bubble->root_rests = true;
    struct g *root = bubble->root;
    struct g *next = one_less(bubble);
    goc__unlock(&bubble->lock);
    if (next == root)
        return false;
    if (next != NULL)
        goc__ready(next, 0);
    return true;
}

/* All members are durably blocked and none waits for that: time passes, up to the next timer.
 * False: there is nobody for whom it could. */
static bool advance(struct bubble *bubble)
{
    int64_t next = load_relaxed(&bubble->timers.earliest);
    goc__lock(&bubble->lock);
    bool over = bubble->total == 0 || bubble->main_ended || next == TIMER_NEVER;
    goc__unlock(&bubble->lock);
    if (over)
        return false;
    goc__assert(next > load_relaxed(&bubble->now));
    store_relaxed(&bubble->now, next);
    bubble->root->bubble = bubble; /* what fires may use what members have made */
    run_timers(bubble);
    bubble->root->bubble = NULL;
    return true;
}

/* ---- runs ------------------------------------------------------------------------------ */

/* A bubble that nobody uses, of which the root alone counts. */
static struct bubble *take(struct g *root, const void *pc)
{
    goc__lock(&bubbles.lock);
    struct bubble *bubble = bubbles.free;
    if (bubble != NULL)
        bubbles.free = bubble->next;
    if (++bubbles.last_id == 0) /* 0 is none */
        bubbles.last_id = 1;
    uint32_t id = bubbles.last_id;
    goc__unlock(&bubbles.lock);
    if (bubble == NULL && (bubble = goc__pages_permanent(sizeof *bubble)) == NULL)
        goc__fatal("runtime: cannot allocate memory for a synctest bubble");
    event_memory_new(&bubble->order, sizeof bubble->order, NULL, pc);
    goc__timers_init(&bubble->timers);
    bubble->id = id;
    bubble->running = 1;
    bubble->root = root;
    bubble->main = NULL;
    bubble->main_ended = false;
    store_relaxed(&bubble->now, 0);
    fetch_add_relaxed(&goc__synctest_bubbles, 1u);
    return bubble;
}

static void give_back(struct bubble *bubble)
{
    goc__timers_clear(&bubble->timers); /* what the program has left running */
    fetch_sub_relaxed(&goc__synctest_bubbles, 1u);
    goc__lock(&bubbles.lock);
    bubble->next = bubbles.free;
    bubbles.free = bubble;
    goc__unlock(&bubbles.lock);
}

struct call {
    void (*function)(void *);
    void *argument;
};

static void run_main(void *argument)
{
    const struct call *call = argument;
    call->function(call->argument);
}

void goc_synctest_run(void (*f)(void *argument), void *argument)
{
    struct g *self = goc__self();
    if (self->bubble != NULL)
        goc__panic("synctest.Run called from within a synctest bubble");
    struct bubble *bubble = take(self, __builtin_return_address(0));
    const struct call call = {f, argument};
    self->bubble = bubble; /* for the moment in which it starts a member */
    goc_go(run_main, &call, sizeof call);
    self->bubble = NULL;
    do
        goc__park(rest, bubble, WAIT_SYNCTEST_RUN, bubble);
    while (advance(bubble));
    event_acquire(&bubble->order);
    if (bubble->total == 0) {
        give_back(bubble);
        return;
    }
    /* Those who are left keep it. */
    fetch_sub_relaxed(&goc__synctest_bubbles, 1u);
    if (bubble->main_ended)
        goc__panic(
            "deadlock: main bubble goroutine has exited but blocked goroutines remain");
    goc__panic("deadlock: all goroutines in bubble are blocked");
}

void goc_synctest_wait(void)
{
    struct g *self = goc__self();
    struct bubble *bubble = self->bubble;
    if (bubble == NULL)
        goc__panic("goroutine is not in a bubble");
    goc__lock(&bubble->lock);
    bool waiting = bubble->waiting;
    if (!waiting) {
        bubble->waiting = true;
        bubble->waiter = self; /* still counted: nobody picks it before it is parked */
    }
    goc__unlock(&bubble->lock);
    if (waiting)
        goc__panic("wait already in progress");
    goc__park(NULL, NULL, (enum wait_reason)(WAIT_SYNCTEST_WAIT | WAIT_DURABLE), bubble);
    goc__lock(&bubble->lock);
    bubble->waiting = false;
    goc__unlock(&bubble->lock);
    event_acquire(&bubble->order);
}

bool goc_synctest_in_bubble(void)
{
    return goc__bubble_id() != 0;
}
