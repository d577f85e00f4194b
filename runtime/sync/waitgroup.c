/* WaitGroup: wait until a counter is zero.
 *
 * STATE holds the counter in its high half and the number of waiters in its low half, so
 * that one atomic operation changes the one and sees the other.  The add that brings the
 * counter to zero under waiters clears both and releases SEMA once for each of them; it
 * touches nothing of the WaitGroup after the last waiter may have returned.  A waiter whose
 * time is up takes itself off the number, but not once the counter is zero: then a
 * release is on its way to it, which it has to take.
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
#include "sync/sema.h"

#include <goc/sync_inline.h>

enum { COUNTER_SHIFT = 32 };

static int32_t counter_of(uint64_t state)
{
    return (int32_t)(state >> COUNTER_SHIFT);
}

static uint32_t waiters_of(uint64_t state)
{
    return (uint32_t)state;
}

void goc__waitgroup_add_rest(goc_waitgroup *wg, int delta, uint64_t state)
{
    int32_t counter = counter_of(state);
    uint32_t waiters = waiters_of(state);
    bool first = delta > 0 && counter == delta;
    if (counter < 0)
        goc__panic("sync: negative WaitGroup counter");
    if (first && waiters > 0)
        goc__panic("sync: WaitGroup misuse: Add called concurrently with Wait");
    if (counter > 0 || waiters == 0)
        return;
    if (!cas_relaxed(&wg->state, &state, 0))
        goc__panic("sync: WaitGroup misuse: Add called concurrently with Wait");
    for (; waiters > 0; waiters--)
        goc__sema_release(&wg->sema);
}

static void add(goc_waitgroup *wg, int32_t delta, const void *pc)
{
    event_use(&wg->state, pc);
    if (delta < 0)
        event_release_merge(&wg->state);
    uint64_t change = (uint64_t)(uint32_t)delta << COUNTER_SHIFT;
    /* Release pairs with the acquires in wait; acquire, so that the one who wakes them has
     * seen what every other done has. */
    uint64_t state = fetch_add_acq_rel(&wg->state, change) + change;
    if (delta > 0 && counter_of(state) == delta)
        event_read_at(&wg->sema, sizeof wg->sema, pc);
    if (waiters_of(state) != 0 || counter_of(state) < 0)
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

/* The caller was woken. */
static void check_reuse(const goc_waitgroup *wg)
{
    if (load_acquire(&wg->state) != 0)
        goc__panic("sync: WaitGroup is reused before previous Wait has returned");
}

void goc_waitgroup_wait(goc_waitgroup *wg)
{
    if (enrol(wg, EVENT_CALLER_PC())) {
        goc__sema_acquire(&wg->sema, false, WAIT_WAITGROUP, wg);
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
        if (!goc__sema_acquire_limited(&wg->sema, limit, WAIT_WAITGROUP, wg)) {
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
