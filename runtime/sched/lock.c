#include "sched/lock.h"

#include "base/panic.h"
#include "os/clock.h"
#include "os/futex.h"
#include "sched/claim.h"
#include "sched/contention.h"
#include "sched/gmp.h"

enum {
    FREE,
    HELD,
    HELD_WITH_SLEEPERS,
    SPINS_MAX =
        40, /* pauses before sleeping: longer than any critical section of ours takes */
};

/* Not inlined: the registers that it saves would lie above the clock's frames on a small stack. */
NOINLINE static void acquire_slow(struct lock *lock)
{
    for (int i = 0; i < SPINS_MAX; i++) {
        uint32_t expected = FREE;
        if (load_relaxed(&lock->state) == FREE &&
            cas_acquire(&lock->state, &expected, (uint32_t)HELD))
            return;
        cpu_relax();
    }
    /* From here on the word must say that there are sleepers, even once this thread holds
     * it: others may sleep too, and only the word tells the unlock to wake one. */
    while (exchange_acquire(&lock->state, (uint32_t)HELD_WITH_SLEEPERS) != FREE)
        goc__futex_wait(&lock->state, HELD_WITH_SLEEPERS, FUTEX_NO_DEADLINE);
}

/* Counted only once it is held: a sleeping M whose time has come, and which takes the lock to
 * leave the list of idle ones, may be given a P until then (idle.c). */
COLD static void lock_slow(struct lock *lock)
{
#ifdef GOC_RACE
    /* ThreadSanitizer sees what the clock is read to, on whatever stack this is, as the
     * goroutine's. */
    acquire_slow(lock);
    goc__contention_note(0);
#else
    int64_t start = goc__clock_now();
    acquire_slow(lock);
    goc__contention_note(goc__clock_now() - start);
#endif
}

void goc__lock(struct lock *lock)
{
    goc__enter();
    uint32_t expected = FREE;
    if (UNLIKELY(!cas_acquire(&lock->state, &expected, (uint32_t)HELD)))
        lock_slow(lock);
}

void goc__unlock(struct lock *lock)
{
    uint32_t before = exchange_release(&lock->state, (uint32_t)FREE);
    if (UNLIKELY(before != HELD)) {
        if (before == FREE)
            goc__throw("unlock of an unlocked lock");
        goc__futex_wake(&lock->state, 1);
    }
    goc__leave(goc__m());
}
