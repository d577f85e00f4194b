/* Mutex: barging while it works, handing over when somebody starves.
 *
 * Normal mode.  Unlock frees the mutex and wakes the first waiter, which then competes with
 * whoever comes along, and mostly loses: those run already.  That is fast, for a mutex can
 * be taken many times in a row without a switch.  A woken waiter that loses waits in front.
 *
 * Starvation mode.  A waiter that has waited longer than STARVING_NS and loses again turns
 * it on.  Unlock then hands the mutex to the first waiter; newcomers queue.  The owner turns
 * it off again when it waited less than that, or is the last waiter.
 *
 * STATE
 *   LOCKED    somebody owns it
 *   WOKEN     a waiter is awake and trying, so unlock need not wake another
 *   STARVING  starvation mode: owned even where LOCKED is clear, by the waiter to whom unlock
 *             has handed it and who has not run yet
 *   BIASED    of bias.h: none of the others; below it the number of a slot
 *   the rest  how many wait, in units of WAITER
 * SEMA  on which they wait; each wake-up is one release, each waiter one acquire.
 *
 * At most one waiter is awake at a time: WOKEN is set by the unlock that wakes it, and
 * cleared by the same cas with which it takes the mutex or waits again.  Only an awake
 * waiter sets STARVING.  Hence a woken waiter that finds STARVING was handed the mutex.
 *
 * A mutex that one thread keeps locking is biased to that (bias.h): STATE is then a word of
 * bias.h's and nothing else.  Only the thread that owns the mutex makes it so, from LOCKED alone.
 *
 * Unlock gives up the mutex and claims the right to wake by one and the same cas, where
 * Go's sync.Mutex takes two steps; after it only SEMA's address is used, on behalf of a
 * waiter that is still counted.  So whoever locks the mutex next may, having unlocked it,
 * free the memory it lies in.
 */
#include "sync/mutex.h"

#include "base/atomic.h"
#include "base/panic.h"
#include "events/events.h"
#include "os/clock.h"
#include "sched/contention.h"
#include "sync/bias.h"
#include "sync/sema.h"

#include <goc/sync_inline.h>

enum {
    LOCKED = 1,
    WOKEN = 2,
    STARVING = 4,
    WAITER = 8,
};

/* As in Go: long for a lock, short for a person. */
#define STARVING_NS INT64_C(1000000)

/* It becomes a common mutex, which is held or not.  Release: for whoever locks it by a cas. */
static void fold(void *mutex, uint32_t held)
{
    goc_mutex *m = mutex;
    store_release(&m->state, held ? (uint32_t)LOCKED : 0);
}

static bool adopt(void *mutex, uint32_t word)
{
    goc_mutex *m = mutex;
    uint32_t old = LOCKED;
    return cas_release(&m->state, &old, word);
}

void goc__mutex_bias(goc_mutex *m)
{
    goc__bias_give(m, 1, adopt);
}

/* STATE was seen.  True: it is of the caller's bias, and the caller has the mutex now. */
static bool bias_lock(goc_mutex *m, uint32_t state)
{
    struct goc__bias_slot *slot = bias_of(m, state);
    return slot != NULL && load_relaxed(&slot->held) == 0 && bias_change(slot, m, 1);
}

/* The same of an unlock.  After true M may be gone. */
static bool bias_unlock(goc_mutex *m, uint32_t state)
{
    struct goc__bias_slot *slot = bias_of(m, state);
    return slot != NULL && load_relaxed(&slot->held) == 1 && bias_change(slot, m, 0);
}

/* What STATE, which was seen, is once no bias is in the way. */
static uint32_t common_state(goc_mutex *m, uint32_t state)
{
    while (state & BIASED) {
        goc__bias_revoke(&m->state, state, m, fold);
        state = load_acquire(&m->state);
    }
    return state;
}

/* Acquire pairs with the release of unlock's cas; a hand-over comes through the semaphore. */
__attribute__((__noinline__)) static void lock_slow(goc_mutex *m, enum wait_reason reason,
                                                    const void *object)
{
    int64_t waiting_since = 0; /* 0: has not waited yet */
    bool starving = false;
    bool awake = false;
    uint32_t old = load_acquire(&m->state); /* a bias: its slot */
    if (bias_lock(m, old))
        return;
    for (;;) {
        old = common_state(m, old);
        bool owned = old & (LOCKED | STARVING);
        uint32_t new = owned ? old + WAITER : old | LOCKED;
        if (starving && (old & LOCKED))
            new |= STARVING;
        if (awake)
            new &= ~(uint32_t)WOKEN;
        if (!cas_acquire(&m->state, &old, new))
            continue;
        if (!owned)
            return;
        bool again = waiting_since != 0;
        if (!again) {
            goc__contention_met();
            waiting_since = goc__clock_now();
        }
        goc__sema_acquire(&m->sema, again, reason, object);
        starving = starving || goc__clock_now() - waiting_since > STARVING_NS;
        old = load_relaxed(&m->state);
        if (old & STARVING) {
            /* Handed over: still counted as a waiter, and not yet LOCKED. */
            goc__assert(!(old & (LOCKED | WOKEN)) && old >= WAITER);
            bool last = old < 2 * WAITER;
            uint32_t change = (uint32_t)LOCKED - WAITER;
            if (!starving || last)
                change -= STARVING;
            fetch_add_relaxed(&m->state,
                              change); /* what came before, came by the semaphore */
            return;
        }
        awake = true;
    }
}

void goc__mutex_lock(goc_mutex *m, enum wait_reason reason, const void *object)
{
    uint32_t open = 0;
    if (!cas_acquire(&m->state, &open, LOCKED))
        lock_slow(m, reason, object);
}

bool goc__mutex_trylock(goc_mutex *m)
{
    uint32_t old = load_acquire(&m->state); /* a bias: its slot */
    if (bias_lock(m, old))
        return true;
    old = common_state(m, old);
    return !(old & (LOCKED | STARVING)) && cas_acquire(&m->state, &old, old | LOCKED);
}

__attribute__((__noinline__)) static void unlock_slow(goc_mutex *m, uint32_t old)
{
    if (bias_unlock(m, old))
        return;
    for (;;) {
        old = common_state(m, old);
        if (!(old & LOCKED))
            goc__fatal("sync: unlock of unlocked mutex");
        uint32_t new = old & ~(uint32_t)LOCKED;
        bool wake = old & STARVING;
        if (!wake && old >= WAITER && !(old & WOKEN)) {
            new = (new - WAITER) | WOKEN;
            wake = true;
        }
        if (!cas_release(&m->state, &old, new))
            continue;
        if (wake)
            goc__sema_release(&m->sema);
        return;
    }
}

void goc__mutex_unlock(goc_mutex *m)
{
    uint32_t old = LOCKED;
    if (!cas_release(&m->state, &old, 0))
        unlock_slow(m, old);
}

#ifdef GOC_RACE
const bool goc__events = true;
#else
const bool goc__events = false;
#endif

static inline void lock_at(goc_mutex *m, const void *pc)
{
    bool used = event_lock_use(m, pc);
    uint32_t open = 0;
    bool got = cas_acquire(&m->state, &open, LOCKED);
    if (goc__events && !got)
        got = goc__mutex_trylock(m); /* others wait, but it is free: no wait to tell of */
    if (got) {
        if (used)
            event_lock_used(m, MUTEX_KIND, pc);
        else
            event_lock(m, true, MUTEX_KIND, pc);
        return;
    }
    if (used)
        event_use(m, pc);
    event_lock_wait(m, true, MUTEX_KIND, pc);
    lock_slow(m, WAIT_MUTEX, m);
    event_lock_waited();
    event_lock(m, true, MUTEX_KIND, pc);
}

void goc_mutex_lock(goc_mutex *m)
{
    lock_at(m, EVENT_CALLER_PC());
}

/* Biased, or owned by somebody, or it is time to think of a bias. */
void goc__mutex_lock_rest(goc_mutex *m)
{
    if (goc__events) {
        lock_at(m, EVENT_CALLER_PC());
    } else {
        lock_slow(m, WAIT_MUTEX, m);
        if (goc__bias_is_due())
            goc__mutex_bias(m);
    }
}

bool goc_mutex_trylock(goc_mutex *m)
{
    const void *pc = EVENT_CALLER_PC();
    event_use(m, pc);
    if (!goc__mutex_trylock(m))
        return false;
    event_trylock(m, true, MUTEX_KIND, pc);
    return true;
}

static inline void unlock_at(goc_mutex *m, const void *pc)
{
    event_use(m, pc);
    event_unlock(m, true, pc);
    goc__mutex_unlock(m);
}

void goc_mutex_unlock(goc_mutex *m)
{
    unlock_at(m, EVENT_CALLER_PC());
}

void goc__mutex_unlock_rest(goc_mutex *m)
{
    if (goc__events)
        unlock_at(m, EVENT_CALLER_PC());
    else
        unlock_slow(m, load_relaxed(&m->state)); /* who locked it came before */
}
