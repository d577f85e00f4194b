/* Mutexes: the n'th unlock is before the return of every later lock.
 *
 * What counts is ownership: trylock and the timed locks order only when they got the lock,
 * and getting it from a dead owner (EOWNERDEAD) is getting it.  An unlock that libc will
 * refuse because another thread owns the mutex orders nothing; libc refuses that for
 * error-checking, recursive and robust mutexes, and their owner stands in the mutex.  A
 * normal mutex may be unlocked by anybody, as code does that uses one for a semaphore:
 * that gives order and is reported (POSIX calls it undefined).
 *
 * A lock first tries.  Only where the mutex is taken does it look whether to wait for it
 * is to wait for ever (entry/locks.h).
 */
#include "base/tid.h"
#include "entry/locks.h"
#include "intercept/next.h"
#include "intercept/object.h"
#include "intercept/openmp.h"
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

/* glibc writes this into a mutex that is destroyed, and refuses one that has it. */
#define KIND_DESTROYED (-1)

static bool is_destroyed(const pthread_mutex_t *mutex)
{
    return load_relaxed(&mutex->__data.__kind) == KIND_DESTROYED;
}

static bool is_got(int error, const pthread_mutex_t *mutex, const char *kind,
                   const void *pc)
{
    if (unlikely(error == EINVAL) && is_destroyed(mutex))
        race__lock_misused(RACE_USE_OF_DESTROYED, mutex, kind, pc);
    return error == 0 || error == EOWNERDEAD;
}

/* The owner of a robust mutex may end and so hand it on. */
static bool is_robust(const pthread_mutex_t *mutex)
{
    return unlikely((mutex->__data.__kind & KIND_ROBUST) != 0);
}

static void expect_death(const pthread_mutex_t *mutex)
{
    if (is_robust(mutex))
        race__lock_mixed(mutex);
}

static int locked(int error, pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    if (likely(is_got(error, mutex, kind, pc))) {
        expect_death(mutex);
        race__on_lock(mutex, true, kind, pc);
    }
    return error;
}

static bool is_own(const pthread_mutex_t *mutex)
{
    return load_relaxed(&mutex->__data.__owner) == race__tid();
}

/* MUTEX is taken. */
static int wait(pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    int type = mutex->__data.__kind & KIND_TYPE_MASK;
    struct race__block block = {.addr = mutex,
                                .kind = kind,
                                .pc = pc,
                                .exclusive = true,
                                .own = is_own(mutex),
                                .refuses = false};
    struct race__wait place;
    bool refused = block.own && type == PTHREAD_MUTEX_ERRORCHECK_NP;
    bool waits = !refused && race__lock_blocks(&place, &block);
    int error = next_pthread_mutex_lock()(mutex);
    if (waits)
        race__lock_unblocks(&place);
    return error;
}

/* Will libc refuse to let the calling thread unlock MUTEX? */
static bool is_refused(const pthread_mutex_t *mutex)
{
    int kind = mutex->__data.__kind;
    int type = kind & KIND_TYPE_MASK;
    bool checked = type == PTHREAD_MUTEX_ERRORCHECK_NP ||
                   type == PTHREAD_MUTEX_RECURSIVE_NP || (kind & KIND_ROBUST) != 0;
    return checked && !is_own(mutex);
}

/* MUTEX is given back, or waited with, by a thread that has not taken it. */
static RACE_COLD void misused(const pthread_mutex_t *mutex, const char *kind,
                              const void *pc)
{
    if (is_destroyed(mutex))
        race__lock_misused(RACE_USE_OF_DESTROYED, mutex, kind, pc);
    else if (load_relaxed(&mutex->__data.__owner) == 0)
        race__lock_misused(RACE_UNLOCK_OF_UNLOCKED, mutex, kind, pc);
    else if (!is_own(mutex))
        race__lock_misused(RACE_UNLOCK_BY_OTHER, mutex, kind, pc);
}

void race__mutex_release(const pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    if (unlikely(!race__lock_release(mutex, true, pc)))
        misused(mutex, kind, pc);
}

int race__mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes,
                     const void *pc)
{
    if (unlikely(race__is_openmp(pc)))
        return next_pthread_mutex_init()(mutex, attributes);
    object_make(mutex, sizeof *mutex, pc);
    return next_pthread_mutex_init()(mutex, attributes);
}

int race__mutex_destroy(pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    if (unlikely(race__is_openmp(pc)))
        return next_pthread_mutex_destroy()(mutex);
    object_destroy(mutex, pc);
    int error = next_pthread_mutex_destroy()(mutex);
    if (error == EBUSY)
        race__lock_misused(RACE_DESTROY_OF_LOCKED, mutex, kind, pc);
    else if (error == 0)
        race__lock_destroyed(mutex, pc);
    return error;
}

int race__mutex_lock(pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    if (unlikely(race__is_openmp(pc)))
        return next_pthread_mutex_lock()(mutex);
    bool used = race__on_lock_use(mutex, pc);
    int error = next_pthread_mutex_trylock()(mutex);
    if (used && error == 0 && !is_robust(mutex)) {
        race__on_lock_used(mutex, kind, pc);
        return 0;
    }
    if (used)
        object_use(mutex, pc);
    if (unlikely(error == EBUSY))
        error = wait(mutex, kind, pc);
    return locked(error, mutex, kind, pc);
}

/* Who tries, or waits for so long only, cannot deadlock by it. */
static int tried(int error, pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    if (is_got(error, mutex, kind, pc)) {
        expect_death(mutex);
        race__on_trylock(mutex, true, kind, pc);
    }
    return error;
}

int race__mutex_trylock(pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    if (unlikely(race__is_openmp(pc)))
        return next_pthread_mutex_trylock()(mutex);
    object_use(mutex, pc);
    return tried(next_pthread_mutex_trylock()(mutex), mutex, kind, pc);
}

int race__mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *deadline,
                          const char *kind, const void *pc)
{
    object_use(mutex, pc);
    return tried(next_pthread_mutex_timedlock()(mutex, deadline), mutex, kind, pc);
}

/* A mutex that libc refuses to unlock has said so: that is an answer, and no misuse. */
int race__mutex_unlock(pthread_mutex_t *mutex, const char *kind, const void *pc)
{
    if (unlikely(race__is_openmp(pc)))
        return next_pthread_mutex_unlock()(mutex);
    object_use(mutex, pc);
    if (!is_refused(mutex))
        race__mutex_release(mutex, kind, pc);
    return next_pthread_mutex_unlock()(mutex);
}

RACE_INTERCEPT int pthread_mutex_init(pthread_mutex_t *mutex,
                                      const pthread_mutexattr_t *attributes)
{
    return race__mutex_init(mutex, attributes, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    return race__mutex_destroy(mutex, pthread_kind, RACE_CALLER_PC());
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
    return tried(next_pthread_mutex_clocklock()(mutex, clock, deadline), mutex,
                 pthread_kind, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    return race__mutex_unlock(mutex, pthread_kind, RACE_CALLER_PC());
}
