/* Semaphores: a post is before the return of every wait that comes after it on the same
 * semaphore.
 *
 * Posts and waits are read-modify-writes of one count, so a wait that sees the count sees
 * the whole chain of posts before it (C17 5.1.2.4p10: read-modify-writes carry a release
 * sequence on); hence merge, not replace.
 */
#include "intercept/next.h"
#include "intercept/object.h"

#include <semaphore.h>
#include <time.h>

RACE_NEXT(sem_init)
RACE_NEXT(sem_destroy)
RACE_NEXT(sem_post)
RACE_NEXT(sem_wait)
RACE_NEXT(sem_trywait)
RACE_NEXT(sem_timedwait)
RACE_NEXT(sem_clockwait)
RACE_NEXT(sem_getvalue)

static int taken(int result, sem_t *semaphore)
{
    if (result == 0)
        race__on_acquire(semaphore);
    return result;
}

RACE_INTERCEPT int sem_init(sem_t *semaphore, int shared, unsigned value)
{
    object_make(semaphore, sizeof *semaphore, RACE_CALLER_PC());
    return next_sem_init()(semaphore, shared, value);
}

RACE_INTERCEPT int sem_destroy(sem_t *semaphore)
{
    object_destroy(semaphore, RACE_CALLER_PC());
    return next_sem_destroy()(semaphore);
}

RACE_INTERCEPT int sem_post(sem_t *semaphore)
{
    object_use(semaphore, RACE_CALLER_PC());
    race__on_release_merge(semaphore);
    return next_sem_post()(semaphore);
}

RACE_INTERCEPT int sem_wait(sem_t *semaphore)
{
    object_use(semaphore, RACE_CALLER_PC());
    return taken(next_sem_wait()(semaphore), semaphore);
}

RACE_INTERCEPT int sem_trywait(sem_t *semaphore)
{
    object_use(semaphore, RACE_CALLER_PC());
    return taken(next_sem_trywait()(semaphore), semaphore);
}

RACE_INTERCEPT int sem_timedwait(sem_t *semaphore, const struct timespec *deadline)
{
    object_use(semaphore, RACE_CALLER_PC());
    return taken(next_sem_timedwait()(semaphore, deadline), semaphore);
}

RACE_INTERCEPT int sem_clockwait(sem_t *semaphore, clockid_t clock,
                                 const struct timespec *deadline)
{
    object_use(semaphore, RACE_CALLER_PC());
    return taken(next_sem_clockwait()(semaphore, clock, deadline), semaphore);
}

RACE_INTERCEPT int sem_getvalue(sem_t *semaphore, int *value)
{
    object_use(semaphore, RACE_CALLER_PC());
    int result = next_sem_getvalue()(semaphore, value);
    race__write(value, sizeof *value, RACE_CALLER_PC());
    return result;
}
