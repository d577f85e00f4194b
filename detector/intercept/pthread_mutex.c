/* Mutexes: the n'th unlock is before the return of every later lock.
 *
 * What counts is ownership: trylock and the timed locks order only when they got the lock,
 * and getting it from a dead owner (EOWNERDEAD) is getting it.  An unlock that libc will
 * refuse because another thread owns the mutex orders nothing; libc refuses that for
 * error-checking, recursive and robust mutexes, and their owner stands in the mutex.  A
 * normal mutex may be unlocked by anybody, as code does that uses one for a semaphore.
 */
#include "base/sys.h"
#include "intercept/next.h"
#include "intercept/object.h"
#include "intercept/pthread.h"

#include <errno.h>

RACE_NEXT(pthread_mutex_init)
RACE_NEXT(pthread_mutex_destroy)
RACE_NEXT(pthread_mutex_lock)
RACE_NEXT(pthread_mutex_trylock)
RACE_NEXT(pthread_mutex_timedlock)
RACE_NEXT(pthread_mutex_clocklock)
RACE_NEXT(pthread_mutex_unlock)

static const char pthread_kind[] = "pthread_mutex";

/* glibc: the low bits of __kind are PTHREAD_MUTEX_*; robust adds 16 (nptl/pthreadP.h). */
#define KIND_TYPE_MASK 3
#define KIND_ROBUST 16

static int locked(int error, pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    if (error == 0 || error == EOWNERDEAD)
        race__on_lock(mutex, true, kind, pc);
    return error;
}

/* Will libc refuse to let the calling thread unlock MUTEX? */
static bool is_refused(const pthread_mutex_t *mutex)
{
    int kind = mutex->__data.__kind;
    int type = kind & KIND_TYPE_MASK;
    bool checked = type == PTHREAD_MUTEX_ERRORCHECK_NP ||
                   type == PTHREAD_MUTEX_RECURSIVE_NP || (kind & KIND_ROBUST) != 0;
    return checked && load_relaxed(&mutex->__data.__owner) != race__gettid();
}

int race__mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes,
                     const void *pc)
{
    object_make(mutex, sizeof *mutex, pc);
    return next_pthread_mutex_init()(mutex, attributes);
}

int race__mutex_destroy(pthread_mutex_t *mutex, const void *pc)
{
    object_destroy(mutex, pc);
    return next_pthread_mutex_destroy()(mutex);
}

int race__mutex_lock(pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    object_use(mutex, pc);
    return locked(next_pthread_mutex_lock()(mutex), mutex, kind, pc);
}

int race__mutex_trylock(pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    object_use(mutex, pc);
    return locked(next_pthread_mutex_trylock()(mutex), mutex, kind, pc);
}

int race__mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *deadline,
                          const char *kind, const void *pc)
{
    object_use(mutex, pc);
    return locked(next_pthread_mutex_timedlock()(mutex, deadline), mutex, kind, pc);
}

int race__mutex_unlock(pthread_mutex_t *mutex, const void *pc)
{
    object_use(mutex, pc);
    if (!is_refused(mutex))
        race__on_unlock(mutex, true, pc);
    return next_pthread_mutex_unlock()(mutex);
}

RACE_INTERCEPT int pthread_mutex_init(pthread_mutex_t *mutex,
                                      const pthread_mutexattr_t *attributes)
{
    return race__mutex_init(mutex, attributes, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    return race__mutex_destroy(mutex, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    return race__mutex_lock(mutex, pthread_kind, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    return race__mutex_trylock(mutex, pthread_kind, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_mutex_timedlock(pthread_mutex_t *mutex,
                                           const struct timespec *deadline)
{
    return race__mutex_timedlock(mutex, deadline, pthread_kind, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                                           const struct timespec *deadline)
{
    object_use(mutex, RACE_CALLER_PC());
    return locked(next_pthread_mutex_clocklock()(mutex, clock, deadline), mutex,
                  pthread_kind, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    return race__mutex_unlock(mutex, RACE_CALLER_PC());
}
