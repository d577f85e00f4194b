/* Spin locks: mutexes that do not sleep. */
#include "entry/locks.h"
#include "intercept/next.h"
#include "intercept/object.h"

#include <errno.h>
#include <pthread.h>

RACE_NEXT(pthread_spin_init)
RACE_NEXT(pthread_spin_destroy)
RACE_NEXT(pthread_spin_lock)
RACE_NEXT(pthread_spin_trylock)
RACE_NEXT(pthread_spin_unlock)

/* pthread_spinlock_t is volatile; as an address it is like any other. */
static const void *address(pthread_spinlock_t *lock)
{
    return (const void *)(uintptr_t)lock;
}

static const char spin_kind[] = "pthread_spinlock";

RACE_INTERCEPT int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
    object_make(address(lock), sizeof *lock, RACE_CALLER_PC());
    return next_pthread_spin_init()(lock, shared);
}

/* One that is held can still not be taken; what cannot be told is that it was destroyed. */
RACE_INTERCEPT int pthread_spin_destroy(pthread_spinlock_t *lock)
{
    const void *pc = RACE_CALLER_PC();
    object_destroy(address(lock), pc);
    if (next_pthread_spin_trylock()(lock) == 0)
        (void)next_pthread_spin_unlock()(lock);
    else
        race__lock_misused(RACE_DESTROY_OF_LOCKED, address(lock), spin_kind, pc);
    return next_pthread_spin_destroy()(lock);
}

/* LOCK is taken. */
static int wait(pthread_spinlock_t *lock, const void *pc)
{
    struct race__block block = {.addr = address(lock),
                                .kind = spin_kind,
                                .pc = pc,
                                .exclusive = true,
                                .own = true,
                                .refuses = false};
    struct race__wait place;
    bool waits = race__lock_blocks(&place, &block);
    int error = next_pthread_spin_lock()(lock);
    if (waits)
        race__lock_unblocks(&place);
    return error;
}

RACE_INTERCEPT int pthread_spin_lock(pthread_spinlock_t *lock)
{
    const void *pc = RACE_CALLER_PC();
    bool used = race__on_lock_use(address(lock), pc);
    int error = next_pthread_spin_trylock()(lock);
    if (used && error == 0) {
        race__on_lock_used(address(lock), spin_kind, pc);
        return 0;
    }
    if (used)
        object_use(address(lock), pc);
    if (error == EBUSY)
        error = wait(lock, pc);
    if (error == 0)
        race__on_lock(address(lock), true, spin_kind, pc);
    return error;
}

RACE_INTERCEPT int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    object_use(address(lock), RACE_CALLER_PC());
    int error = next_pthread_spin_trylock()(lock);
    if (error == 0)
        race__on_trylock(address(lock), true, spin_kind, RACE_CALLER_PC());
    return error;
}

/* LOCK is given back by a thread that has not taken it. */
static RACE_COLD void misused(pthread_spinlock_t *lock, const void *pc)
{
    bool free = next_pthread_spin_trylock()(lock) == 0;
    if (free)
        (void)next_pthread_spin_unlock()(lock);
    race__lock_misused(free ? RACE_UNLOCK_OF_UNLOCKED : RACE_UNLOCK_BY_OTHER,
                       address(lock), spin_kind, pc);
}

RACE_INTERCEPT int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    object_use(address(lock), RACE_CALLER_PC());
    if (unlikely(!race__lock_release(address(lock), true, RACE_CALLER_PC())))
        misused(lock, RACE_CALLER_PC());
    return next_pthread_spin_unlock()(lock);
}
