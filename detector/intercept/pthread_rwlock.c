/* Read-write locks: a writer's unlock is before every later lock, a reader's before every
 * later write lock.  Readers are not ordered among themselves.
 */
#include "base/sys.h"
#include "intercept/next.h"
#include "intercept/object.h"

#include <pthread.h>

RACE_NEXT(pthread_rwlock_init)
RACE_NEXT(pthread_rwlock_destroy)
RACE_NEXT(pthread_rwlock_rdlock)
RACE_NEXT(pthread_rwlock_tryrdlock)
RACE_NEXT(pthread_rwlock_timedrdlock)
RACE_NEXT(pthread_rwlock_clockrdlock)
RACE_NEXT(pthread_rwlock_wrlock)
RACE_NEXT(pthread_rwlock_trywrlock)
RACE_NEXT(pthread_rwlock_timedwrlock)
RACE_NEXT(pthread_rwlock_clockwrlock)
RACE_NEXT(pthread_rwlock_unlock)

/* Run the next function of NAME and note the lock when it was got. */
#define TAKE(name, exclusive, ...)                                                       \
    const void *pc = RACE_CALLER_PC();                                                   \
    object_use(rwlock, pc);                                                              \
    int error = next_##name()(rwlock __VA_OPT__(, ) __VA_ARGS__);                        \
    if (error == 0)                                                                      \
        race__on_lock(rwlock, exclusive, "pthread_rwlock", pc);                          \
    return error

RACE_INTERCEPT int pthread_rwlock_init(pthread_rwlock_t *rwlock,
                                       const pthread_rwlockattr_t *attributes)
{
    object_make(rwlock, sizeof *rwlock, RACE_CALLER_PC());
    return next_pthread_rwlock_init()(rwlock, attributes);
}

RACE_INTERCEPT int pthread_rwlock_destroy(pthread_rwlock_t *rwlock)
{
    object_destroy(rwlock, RACE_CALLER_PC());
    return next_pthread_rwlock_destroy()(rwlock);
}

RACE_INTERCEPT int pthread_rwlock_rdlock(pthread_rwlock_t *rwlock)
{
    TAKE(pthread_rwlock_rdlock, false);
}

RACE_INTERCEPT int pthread_rwlock_tryrdlock(pthread_rwlock_t *rwlock)
{
    TAKE(pthread_rwlock_tryrdlock, false);
}

RACE_INTERCEPT int pthread_rwlock_timedrdlock(pthread_rwlock_t *rwlock,
                                              const struct timespec *deadline)
{
    TAKE(pthread_rwlock_timedrdlock, false, deadline);
}

RACE_INTERCEPT int pthread_rwlock_clockrdlock(pthread_rwlock_t *rwlock, clockid_t clock,
                                              const struct timespec *deadline)
{
    TAKE(pthread_rwlock_clockrdlock, false, clock, deadline);
}

RACE_INTERCEPT int pthread_rwlock_wrlock(pthread_rwlock_t *rwlock)
{
    TAKE(pthread_rwlock_wrlock, true);
}

RACE_INTERCEPT int pthread_rwlock_trywrlock(pthread_rwlock_t *rwlock)
{
    TAKE(pthread_rwlock_trywrlock, true);
}

RACE_INTERCEPT int pthread_rwlock_timedwrlock(pthread_rwlock_t *rwlock,
                                              const struct timespec *deadline)
{
    TAKE(pthread_rwlock_timedwrlock, true, deadline);
}

RACE_INTERCEPT int pthread_rwlock_clockwrlock(pthread_rwlock_t *rwlock, clockid_t clock,
                                              const struct timespec *deadline)
{
    TAKE(pthread_rwlock_clockwrlock, true, clock, deadline);
}

/* Which side is unlocked, libc decides by the writer that stands in the lock; so do we. */
RACE_INTERCEPT int pthread_rwlock_unlock(pthread_rwlock_t *rwlock)
{
    const void *pc = RACE_CALLER_PC();
    bool exclusive = load_relaxed(&rwlock->__data.__cur_writer) == race__gettid();
    object_use(rwlock, pc);
    race__on_unlock(rwlock, exclusive, pc);
    return next_pthread_rwlock_unlock()(rwlock);
}
