/* The sleeping half of the lock: Drepper, "Futexes Are Tricky", mutex 2. */
#include "base/lock.h"

#include "base/sys.h"

#include <linux/futex.h>

#define SPIN_MAX 64 // about as long as the longest work under a lock
/* Turns after which a lock bit is an orphan: each gives up the CPU, so that any holder
 * would have run long since. */
#define ORPHAN_SPINS 100000

static bool may_be_orphans; // set once, right after a fork

bool race__backoff(unsigned *spins)
{
    if (++*spins < SPIN_MAX)
        cpu_relax();
    else
        race__sys3(SYS_sched_yield, 0, 0, 0);
    return may_be_orphans && *spins >= ORPHAN_SPINS;
}

void race__lock_orphans(void)
{
    may_be_orphans = true;
}

void race__lock_slow(struct race__lock *lock)
{
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
