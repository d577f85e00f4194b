/* The invisible barrier.  Compiled without any instrumentation; see barrier.h.
 *
 * Sequentially consistent throughout: it is test code, and its only promise is that what
 * comes after an await really ran after the arrivals.  The counter never goes back, so a
 * waiter that reads a stale value at worst calls futex once more.
 */
#include "barrier.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

void barrier_arrive(struct barrier *b)
{
    __atomic_fetch_add(&b->arrived, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &b->arrived, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

void barrier_await(struct barrier *b, unsigned count)
{
    for (;;) {
        unsigned arrived = __atomic_load_n(&b->arrived, __ATOMIC_SEQ_CST);
        if (arrived >= count)
            return;
        syscall(SYS_futex, &b->arrived, FUTEX_WAIT_PRIVATE, arrived, NULL, NULL, 0);
    }
}

bool barrier_reached(const struct barrier *b, unsigned count)
{
    return __atomic_load_n(&b->arrived, __ATOMIC_SEQ_CST) >= count;
}

void barrier_meet(struct barrier *b, unsigned parties)
{
    unsigned ticket = __atomic_fetch_add(&b->arrived, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &b->arrived, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    /* The round that this ticket belongs to ends with its last arrival. */
    barrier_await(b, (ticket / parties + 1) * parties);
}
