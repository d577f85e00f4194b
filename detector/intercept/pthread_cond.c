/* Condition variables: they order through the mutex, and through nothing else.
 *
 * A wait releases the mutex and takes it again, both seen here.  The signal itself gives
 * no order: a waiter may also wake spuriously or by another's signal, so it cannot know
 * whose signal it saw; what it may rely on it reads under the mutex (C17 7.26.3.6, POSIX
 * pthread_cond_wait, rationale).  An edge from signal to wait would hide the race of a
 * program that signals, without the mutex, what it has written without the mutex.
 * For the question whether locks can deadlock it is an edge (state/phase.h).
 */
#include "entry/locks.h"
#include "intercept/next.h"
#include "intercept/object.h"
#include "intercept/openmp.h"
#include "intercept/pthread.h"

RACE_NEXT(pthread_cond_init)
RACE_NEXT(pthread_cond_destroy)
RACE_NEXT(pthread_cond_wait)
RACE_NEXT(pthread_cond_timedwait)
RACE_NEXT(pthread_cond_clockwait)
RACE_NEXT(pthread_cond_signal)
RACE_NEXT(pthread_cond_broadcast)

struct waiter {
    pthread_mutex_t *mutex;
    const char *kind;
    const void *pc;
};

/* The waiter holds the mutex again: also when it is cancelled, and then before any
 * cleanup handler of the program runs. */
static void wake(void *argument)
{
    const struct waiter *waiter = argument;
    race__on_lock(waiter->mutex, true, waiter->kind, waiter->pc);
}

static void sleep_begins(pthread_cond_t *condition, const struct waiter *waiter)
{
    object_use(condition, waiter->pc);
    object_use(waiter->mutex, waiter->pc);
    race__mutex_release(waiter->mutex, waiter->kind, waiter->pc);
    race__lock_will_return(waiter->mutex, waiter->pc);
}

static int next_wait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                     const struct timespec *deadline)
{
    if (deadline == NULL)
        return next_pthread_cond_wait()(condition, mutex);
    return next_pthread_cond_timedwait()(condition, mutex, deadline);
}

int race__cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                    const struct timespec *deadline, const char *kind, const void *pc)
{
    if (unlikely(race__is_openmp(pc)))
        return next_wait(condition, mutex, deadline);
    struct waiter waiter = {mutex, kind, pc};
    int error;
    sleep_begins(condition, &waiter);
    pthread_cleanup_push(wake, &waiter);
    error = next_wait(condition, mutex, deadline);
    pthread_cleanup_pop(1);
    if (error == 0)
        race__lock_signal_seen(condition);
    return error;
}

int race__cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes,
                    const void *pc)
{
    if (unlikely(race__is_openmp(pc)))
        return next_pthread_cond_init()(condition, attributes);
    object_make(condition, sizeof *condition, pc);
    return next_pthread_cond_init()(condition, attributes);
}

int race__cond_destroy(pthread_cond_t *condition, const void *pc)
{
    if (unlikely(race__is_openmp(pc)))
        return next_pthread_cond_destroy()(condition);
    object_destroy(condition, pc);
    return next_pthread_cond_destroy()(condition);
}

int race__cond_signal(pthread_cond_t *condition, const void *pc)
{
    if (unlikely(race__is_openmp(pc)))
        return next_pthread_cond_signal()(condition);
    object_use(condition, pc);
    race__lock_signal(condition);
    return next_pthread_cond_signal()(condition);
}

int race__cond_broadcast(pthread_cond_t *condition, const void *pc)
{
    if (unlikely(race__is_openmp(pc)))
        return next_pthread_cond_broadcast()(condition);
    object_use(condition, pc);
    race__lock_signal(condition);
    return next_pthread_cond_broadcast()(condition);
}

RACE_INTERCEPT int pthread_cond_init(pthread_cond_t *condition,
                                     const pthread_condattr_t *attributes)
{
    return race__cond_init(condition, attributes, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_cond_destroy(pthread_cond_t *condition)
{
    return race__cond_destroy(condition, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    return race__cond_wait(condition, mutex, NULL, "pthread_mutex", RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_cond_timedwait(pthread_cond_t *condition,
                                          pthread_mutex_t *mutex,
                                          const struct timespec *deadline)
{
    return race__cond_wait(condition, mutex, deadline, "pthread_mutex", RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_cond_clockwait(pthread_cond_t *condition,
                                          pthread_mutex_t *mutex, clockid_t clock,
                                          const struct timespec *deadline)
{
    struct waiter waiter = {mutex, "pthread_mutex", RACE_CALLER_PC()};
    int error;
    sleep_begins(condition, &waiter);
    pthread_cleanup_push(wake, &waiter);
    error = next_pthread_cond_clockwait()(condition, mutex, clock, deadline);
    pthread_cleanup_pop(1);
    if (error == 0)
        race__lock_signal_seen(condition);
    return error;
}

RACE_INTERCEPT int pthread_cond_signal(pthread_cond_t *condition)
{
    return race__cond_signal(condition, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_cond_broadcast(pthread_cond_t *condition)
{
    return race__cond_broadcast(condition, RACE_CALLER_PC());
}
