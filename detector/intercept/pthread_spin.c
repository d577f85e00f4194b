/* Spin locks: mutexes that do not sleep. */
#include "intercept/next.h"
#include "intercept/object.h"

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

static int locked(int error, pthread_spinlock_t *lock, const void *pc)
{
    if (error == 0)
        race__on_lock(address(lock), true, "pthread_spinlock", pc);
    return error;
}

RACE_INTERCEPT int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
    object_make(address(lock), sizeof *lock, RACE_CALLER_PC());
    return next_pthread_spin_init()(lock, shared);
}

RACE_INTERCEPT int pthread_spin_destroy(pthread_spinlock_t *lock)
{
    object_destroy(address(lock), RACE_CALLER_PC());
    return next_pthread_spin_destroy()(lock);
}

RACE_INTERCEPT int pthread_spin_lock(pthread_spinlock_t *lock)
{
    object_use(address(lock), RACE_CALLER_PC());
    return locked(next_pthread_spin_lock()(lock), lock, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    object_use(address(lock), RACE_CALLER_PC());
    return locked(next_pthread_spin_trylock()(lock), lock, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    object_use(address(lock), RACE_CALLER_PC());
    race__on_unlock(address(lock), true, RACE_CALLER_PC());
    return next_pthread_spin_unlock()(lock);
}
