/* The sleeping half of the lock: Drepper, "Futexes Are Tricky", mutex 2. */
#include "base/lock.h"

#include "base/sys.h"

#include <linux/futex.h>
#include <time.h>

#define SPIN_MAX 64    // about as long as the longest work under a lock
#define YIELD_MAX 1000 // and turns at yielding, after which the owner is asleep itself
/* Sleeps of SLEEP_NS after which a lock bit is an orphan.  Turns alone would not tell: they pass
 * fast where this CPU has nobody else to run, and slowly on a machine with much to do. */
#define SLEEP_MAX 5000
#define SLEEP_NS 1000000

/* Of this process.  Written while it has one thread. */
static enum { NO_ORPHANS, ALONE, AMONG_OTHERS } orphans;

static void sleep_shortly(void)
{
    struct timespec time = {.tv_nsec = SLEEP_NS};
    race__sys3(SYS_nanosleep, (long)&time, 0, 0);
}

bool race__backoff(unsigned *spins)
{
    if (unlikely(orphans == ALONE))
        return true;
    if (++*spins < SPIN_MAX)
        cpu_relax();
    else if (orphans == NO_ORPHANS || *spins < YIELD_MAX)
        race__sys3(SYS_sched_yield, 0, 0, 0);
    else
        sleep_shortly();
    return orphans != NO_ORPHANS && *spins >= YIELD_MAX + SLEEP_MAX;
}

void race__lock_orphans(void)
{
    orphans = ALONE;
}

void race__lock_others(void)
{
    if (orphans == ALONE)
        orphans = AMONG_OTHERS;
}

void race__lock_slow(struct race__lock *lock)
{
    if (orphans == ALONE) {
        store_relaxed(&lock->word, 1u);
        return;
    }
    for (unsigned spins = 0; spins < SPIN_MAX; spins++) {
        uint32_t expected = 0;
        if (load_relaxed(&lock->word) == 0 && cas_acquire(&lock->word, &expected, 1))
            return;
        cpu_relax();
    }
    while (exchange_acquire(&lock->word, 2) != 0)
        race__sys4(SYS_futex, (long)&lock->word, FUTEX_WAIT_PRIVATE, 2, 0);
}

void race__unlock_slow(struct race__lock *lock)
{
    race__sys3(SYS_futex, (long)&lock->word, FUTEX_WAKE_PRIVATE, 1);
}
