/* Read-write locks: a writer's unlock is before every later lock, a reader's before every
 * later write lock.  Readers are not ordered among themselves.
 */
#include "base/tid.h"
#include "entry/locks.h"
#include "intercept/next.h"
#include "intercept/object.h"

#include <errno.h>
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

static const char rwlock_kind[] = "pthread_rwlock";

/* libc leaves a lock that is destroyed as it is.  Here it gets this for its kind, which
 * means nothing to libc, and which whatever makes a new lock of it writes over. */
#define FLAGS_DESTROYED 0x676f6300u

static void use(const pthread_rwlock_t *rwlock, const void *pc)
{
    object_use(rwlock, pc);
    if (unlikely(load_relaxed(&rwlock->__data.__flags) == FLAGS_DESTROYED))
        race__lock_misused(RACE_USE_OF_DESTROYED, rwlock, rwlock_kind, pc);
}

static bool is_written_by_us(const pthread_rwlock_t *rwlock)
{
    return load_relaxed(&rwlock->__data.__cur_writer) == race__tid();
}

/* RWLOCK is taken: OPERATION blocks.  A writer that reads or writes again is refused; a
 * reader that wants to write waits for itself. */
static int wait(int (*operation)(pthread_rwlock_t *), pthread_rwlock_t *rwlock,
                bool exclusive, const void *pc)
{
    bool written = is_written_by_us(rwlock);
    struct race__block block = {.addr = rwlock,
                                .kind = rwlock_kind,
                                .pc = pc,
                                .exclusive = exclusive,
                                .own = written || exclusive,
                                .refuses = written};
    struct race__wait place;
    bool waits = race__lock_blocks(&place, &block);
    int error = operation(rwlock);
    if (waits)
        race__lock_unblocks(&place);
    return error;
}

static int locked(int error, const pthread_rwlock_t *rwlock, bool exclusive,
                  const void *pc)
{
    if (error == 0)
        race__on_lock(rwlock, exclusive, rwlock_kind, pc);
    return error;
}

static int tried(int error, const pthread_rwlock_t *rwlock, bool exclusive,
                 const void *pc)
{
    if (error == 0)
        race__on_trylock(rwlock, exclusive, rwlock_kind, pc);
    return error;
}

RACE_INTERCEPT int pthread_rwlock_init(pthread_rwlock_t *rwlock,
                                       const pthread_rwlockattr_t *attributes)
{
    object_make(rwlock, sizeof *rwlock, RACE_CALLER_PC());
    return next_pthread_rwlock_init()(rwlock, attributes);
}

/* The bits below the count of readers in glibc's __readers (nptl/pthread_rwlock_common.c). */
#define READERS_SHIFT 3

static bool is_held(const pthread_rwlock_t *rwlock)
{
    return load_relaxed(&rwlock->__data.__cur_writer) != 0 ||
           load_relaxed(&rwlock->__data.__readers) >> READERS_SHIFT != 0;
}

RACE_INTERCEPT int pthread_rwlock_destroy(pthread_rwlock_t *rwlock)
{
    const void *pc = RACE_CALLER_PC();
    object_destroy(rwlock, pc);
    if (is_held(rwlock))
        race__lock_misused(RACE_DESTROY_OF_LOCKED, rwlock, rwlock_kind, pc);
    int error = next_pthread_rwlock_destroy()(rwlock);
    if (error == 0) {
        race__lock_destroyed(rwlock, pc);
        store_relaxed(&rwlock->__data.__flags, FLAGS_DESTROYED);
    }
    return error;
}

RACE_INTERCEPT int pthread_rwlock_rdlock(pthread_rwlock_t *rwlock)
{
    const void *pc = RACE_CALLER_PC();
    use(rwlock, pc);
    int error = next_pthread_rwlock_tryrdlock()(rwlock);
    if (error == EBUSY)
        error = wait(next_pthread_rwlock_rdlock(), rwlock, false, pc);
    return locked(error, rwlock, false, pc);
}

RACE_INTERCEPT int pthread_rwlock_tryrdlock(pthread_rwlock_t *rwlock)
{
    const void *pc = RACE_CALLER_PC();
    use(rwlock, pc);
    return tried(next_pthread_rwlock_tryrdlock()(rwlock), rwlock, false, pc);
}

RACE_INTERCEPT int pthread_rwlock_timedrdlock(pthread_rwlock_t *rwlock,
                                              const struct timespec *deadline)
{
    const void *pc = RACE_CALLER_PC();
    use(rwlock, pc);
    return tried(next_pthread_rwlock_timedrdlock()(rwlock, deadline), rwlock, false, pc);
}

RACE_INTERCEPT int pthread_rwlock_clockrdlock(pthread_rwlock_t *rwlock, clockid_t clock,
                                              const struct timespec *deadline)
{
    const void *pc = RACE_CALLER_PC();
    use(rwlock, pc);
    return tried(next_pthread_rwlock_clockrdlock()(rwlock, clock, deadline), rwlock,
                 false, pc);
}

RACE_INTERCEPT int pthread_rwlock_wrlock(pthread_rwlock_t *rwlock)
{
    const void *pc = RACE_CALLER_PC();
    use(rwlock, pc);
    int error = next_pthread_rwlock_trywrlock()(rwlock);
    if (error == EBUSY)
        error = wait(next_pthread_rwlock_wrlock(), rwlock, true, pc);
    return locked(error, rwlock, true, pc);
}

RACE_INTERCEPT int pthread_rwlock_trywrlock(pthread_rwlock_t *rwlock)
{
    const void *pc = RACE_CALLER_PC();
    use(rwlock, pc);
    return tried(next_pthread_rwlock_trywrlock()(rwlock), rwlock, true, pc);
}

RACE_INTERCEPT int pthread_rwlock_timedwrlock(pthread_rwlock_t *rwlock,
                                              const struct timespec *deadline)
{
    const void *pc = RACE_CALLER_PC();
    use(rwlock, pc);
    return tried(next_pthread_rwlock_timedwrlock()(rwlock, deadline), rwlock, true, pc);
}

RACE_INTERCEPT int pthread_rwlock_clockwrlock(pthread_rwlock_t *rwlock, clockid_t clock,
                                              const struct timespec *deadline)
{
    const void *pc = RACE_CALLER_PC();
    use(rwlock, pc);
    return tried(next_pthread_rwlock_clockwrlock()(rwlock, clock, deadline), rwlock, true,
                 pc);
}

/* RWLOCK is given back by a thread that has not taken it. */
static RACE_COLD void misused(const pthread_rwlock_t *rwlock, const void *pc)
{
    race__lock_misused(is_held(rwlock) ? RACE_UNLOCK_BY_OTHER : RACE_UNLOCK_OF_UNLOCKED,
                       rwlock, rwlock_kind, pc);
}

/* Which side is unlocked, libc decides by the writer that stands in the lock; so do we. */
RACE_INTERCEPT int pthread_rwlock_unlock(pthread_rwlock_t *rwlock)
{
    const void *pc = RACE_CALLER_PC();
    bool exclusive = is_written_by_us(rwlock);
    use(rwlock, pc);
    if (unlikely(!race__lock_release(rwlock, exclusive, pc)))
        misused(rwlock, pc);
    return next_pthread_rwlock_unlock()(rwlock);
}
