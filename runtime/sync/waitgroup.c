/* WaitGroup: wait until a counter is zero.
 *
 * STATE holds the counter in its high half and the number of waiters in its low half, so
 * that one atomic operation changes the one and sees the other.  The add that brings the
 * counter to zero under waiters clears both and releases SEMA once for each of them; it
 * touches nothing of the WaitGroup after the last waiter may have returned.  A waiter whose
 * time is up takes itself off the number, but not once the counter is zero: then a
 * release is on its way to it, which it has to take.
 *
 * The highest bit of the low half says that the counter is a bubble's, whose number BUBBLE has
 * then (sched/bubble.h): the first add by a member sets it, and it goes when the counter is
 * zero.
 *
 * Events: every done is merged into STATE's sync object, which each wait acquires.  The add
 * that takes the counter up from zero must be ordered with wait; where it is not, wait may
 * miss it.  To make that a race of the program's it counts as a read of SEMA, and the first
 * wait that waits as a write: reads and writes so that adds do not race with adds, nor
 * waits with waits.
 *
 * After Go's sync/waitgroup.go.
 */
#include "sync/waitgroup.h"

#include "base/atomic.h"
#include "base/panic.h"
#include "events/events.h"
#include "os/error.h"
#include "sched/bubble.h"
#include "sync/sema.h"

#include <goc/sync_inline.h>

enum { COUNTER_SHIFT = 32 };
#define BUBBLED (UINT32_C(1) << 31)

static int32_t counter_of(uint64_t state)
{
    return (int32_t)(state >> COUNTER_SHIFT);
}

static uint32_t waiters_of(uint64_t state)
{
    return (uint32_t)state & ~BUBBLED;
}

static bool is_bubbled(uint64_t state)
{
    return state & BUBBLED;
}

#define FROM_BOTH_SIDES                                                                  \
    "sync: WaitGroup.Add called from inside and outside synctest bubble"

/* The caller, in bubble ID, is about to add to WG: that makes it the bubble's. */
static void claim_for(goc_waitgroup *wg, uint32_t id)
{
    uint64_t state = load_acquire(&wg->state); /* pairs with the cas: before bubble */
    do {
        if (is_bubbled(state)) {
            if (load_relaxed(&wg->bubble) != id)
                goc__fatal("sync: WaitGroup.Add called from multiple synctest bubbles");
            return;
        }
        if (state != 0)
            goc__fatal(FROM_BOTH_SIDES);
        store_relaxed(&wg->bubble, id);
    } while (!cas_release(&wg->state, &state, (uint64_t)BUBBLED));
}

/* The counter of WG, which was a bubble's, is zero and nobody waits. */
static void free_of_bubble(goc_waitgroup *wg)
{
    uint64_t state = BUBBLED;
    cas_release(&wg->state, &state, 0); /* else somebody has added or waits again */
}

void goc__waitgroup_add_rest(goc_waitgroup *wg, int delta, uint64_t state)
{
    int32_t counter = counter_of(state);
    uint32_t waiters = waiters_of(state);
    bool first = delta > 0 && counter == delta;
    if (is_bubbled(state) && goc__bubble_id() != load_relaxed(&wg->bubble))
        goc__fatal(FROM_BOTH_SIDES);
    if (counter < 0)
        goc__panic("sync: negative WaitGroup counter");
    if (first && waiters > 0)
        goc__panic("sync: WaitGroup misuse: Add called concurrently with Wait");
    if (counter == 0 && waiters == 0 && is_bubbled(state))
        free_of_bubble(wg);
    if (counter > 0 || waiters == 0)
        return;
    if (!cas_relaxed(&wg->state, &state, 0))
        goc__panic("sync: WaitGroup misuse: Add called concurrently with Wait");
    for (; waiters > 0; waiters--)
        goc__sema_release(&wg->sema);
}

static void add(goc_waitgroup *wg, int32_t delta, const void *pc)
{
    if (delta < 0)
        event_use_merge(&wg->state, pc);
    else
        event_use(&wg->state, pc);
    if (delta > 0 && goc__bubble_id() != 0)
        claim_for(wg, goc__bubble_id());
    uint64_t change = (uint64_t)(uint32_t)delta << COUNTER_SHIFT;
    /* Release pairs with the acquires in wait; acquire, so that the one who wakes them has
     * seen what every other done has. */
    uint64_t state = fetch_add_acq_rel(&wg->state, change) + change;
    if (delta > 0 && counter_of(state) == delta)
        event_read_at(&wg->sema, sizeof wg->sema, pc);
    if ((uint32_t)state != 0 || counter_of(state) < 0)
        goc__waitgroup_add_rest(wg, delta, state);
}

void goc_waitgroup_add(goc_waitgroup *wg, int delta)
{
    add(wg, delta, EVENT_CALLER_PC());
}

void goc__waitgroup_add_call(goc_waitgroup *wg, int delta)
    __attribute__((__alias__("goc_waitgroup_add")));

void goc_waitgroup_done(goc_waitgroup *wg)
{
    add(wg, -1, EVENT_CALLER_PC());
}

/* Count the caller as a waiter; false: there is nothing to wait for. */
static bool enrol(goc_waitgroup *wg, const void *pc)
{
    event_use(&wg->state, pc);
    uint64_t state = load_acquire(&wg->state);
    do {
        if (counter_of(state) == 0)
            return false;
    } while (!cas_acquire(&wg->state, &state, state + 1));
    if (waiters_of(state) == 0)
        event_write_at(&wg->sema, sizeof wg->sema, pc);
    return true;
}

/* How the caller waits, until LIMIT, if there is one. */
static enum wait_reason reason_of(const goc_waitgroup *wg, const struct limit *limit)
{
    bool durable = is_bubbled(load_relaxed(&wg->state)) &&
                   load_relaxed(&wg->bubble) == goc__bubble_id() &&
                   !(limit && limit->outside);
    return goc__bubble_reason(WAIT_WAITGROUP, durable);
}

/* The caller was woken. */
static void check_reuse(const goc_waitgroup *wg)
{
    if (load_relaxed(&wg->state) != 0)
        goc__panic("sync: WaitGroup is reused before previous Wait has returned");
}

void goc_waitgroup_wait(goc_waitgroup *wg)
{
    if (enrol(wg, EVENT_CALLER_PC())) {
        goc__sema_acquire(&wg->sema, false, reason_of(wg, NULL), wg);
        check_reuse(wg);
    }
    event_acquire(&wg->state);
}

/* The caller, whom nobody has woken, counts as a waiter no more; false: the counter is zero and
 * who took it there wakes, or is about to wake, everybody counted. */
static bool withdraw(goc_waitgroup *wg)
{
    uint64_t state = load_relaxed(&wg->state);
    do {
        if (counter_of(state) == 0 || waiters_of(state) == 0)
            return false;
    } while (!cas_relaxed(&wg->state, &state, state - 1));
    return true;
}

bool goc__waitgroup_wait(goc_waitgroup *wg, struct limit *limit, const void *pc)
{
    if (enrol(wg, pc)) {
        if (!goc__sema_acquire_limited(&wg->sema, limit, reason_of(wg, limit), wg)) {
            if (withdraw(wg))
                return false;
            goc__sema_acquire(&wg->sema, false, WAIT_WAITGROUP, wg);
        }
        check_reuse(wg);
    }
    event_acquire(&wg->state);
    return true;
}

int goc_waitgroup_wait_until(goc_waitgroup *wg, goc_time deadline)
{
    struct deadline limit = DEADLINE(deadline);
    return goc__waitgroup_wait(wg, &limit.limit, EVENT_CALLER_PC()) ? 0 : -ETIMEDOUT;
}
