/* C11's <threads.h> (C17 7.26): glibc builds it on its own pthreads through doors that
 * nobody can stand in, so it is built here once more, on the bodies of our interceptors.
 *
 * An object made by one can be used by the other (base/threads_c11.h).  tss_* gives no
 * order and is left to glibc.
 */
#include "base/threads_c11.h"

#include "base/compiler.h"
#include "entry/access.h"
#include "intercept/next.h"
#include "intercept/pthread.h"
#include "state/slab.h"

static const char mtx_kind[] = "mtx";

static pthread_mutex_t *as_mutex(mtx_t *mutex)
{
    return (pthread_mutex_t *)mutex;
}

static pthread_cond_t *as_condition(cnd_t *condition)
{
    return (pthread_cond_t *)condition;
}

struct start {
    thrd_start_t function;
    void *argument;
};

static void *run(void *orders)
{
    struct start start = *(struct start *)orders;
    race__slab_free(orders, sizeof start);
    return race__c11_pack(start.function(start.argument));
}

RACE_INTERCEPT int thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
    struct start *start = race__slab_alloc(sizeof *start);
    *start = (struct start){function, argument};
    int error =
        race__pthread_create((pthread_t *)thread, NULL, run, start, RACE_CALLER_PC());
    if (error != 0)
        race__slab_free(start, sizeof *start);
    /* POSIX has EAGAIN where C says thrd_nomem. */
    return error == EAGAIN ? thrd_nomem : race__c11_status(error);
}

RACE_INTERCEPT int thrd_join(thrd_t thread, int *result)
{
    void *packed = NULL;
    int error = race__pthread_join(thread, &packed, RACE_CALLER_PC());
    if (error == 0 && result != NULL) {
        race__write(result, sizeof *result, RACE_CALLER_PC());
        *result = (int)(intptr_t)packed;
    }
    return race__c11_status(error);
}

RACE_INTERCEPT int thrd_detach(thrd_t thread)
{
    return race__c11_status(race__pthread_detach(thread));
}

RACE_INTERCEPT _Noreturn void thrd_exit(int result)
{
    pthread_exit(race__c11_pack(result));
}

RACE_INTERCEPT int mtx_init(mtx_t *mutex, int type)
{
    pthread_mutexattr_t attributes;
    int error = pthread_mutexattr_init(&attributes);
    if (error != 0)
        return race__c11_status(error);
    if ((type & mtx_recursive) != 0)
        (void)pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    error = race__mutex_init(as_mutex(mutex), &attributes, RACE_CALLER_PC());
    (void)pthread_mutexattr_destroy(&attributes);
    return race__c11_status(error);
}

RACE_INTERCEPT void mtx_destroy(mtx_t *mutex)
{
    (void)race__mutex_destroy(as_mutex(mutex), mtx_kind, RACE_CALLER_PC());
}

RACE_INTERCEPT int mtx_lock(mtx_t *mutex)
{
    return race__c11_status(
        race__mutex_lock(as_mutex(mutex), mtx_kind, RACE_CALLER_PC()));
}

RACE_INTERCEPT int mtx_trylock(mtx_t *mutex)
{
    return race__c11_status(
        race__mutex_trylock(as_mutex(mutex), mtx_kind, RACE_CALLER_PC()));
}

RACE_INTERCEPT int mtx_timedlock(mtx_t *restrict mutex,
                                 const struct timespec *restrict deadline)
{
    return race__c11_status(
        race__mutex_timedlock(as_mutex(mutex), deadline, mtx_kind, RACE_CALLER_PC()));
}

RACE_INTERCEPT int mtx_unlock(mtx_t *mutex)
{
    return race__c11_status(
        race__mutex_unlock(as_mutex(mutex), mtx_kind, RACE_CALLER_PC()));
}

RACE_INTERCEPT int cnd_init(cnd_t *condition)
{
    return race__c11_status(
        race__cond_init(as_condition(condition), NULL, RACE_CALLER_PC()));
}

RACE_INTERCEPT void cnd_destroy(cnd_t *condition)
{
    (void)race__cond_destroy(as_condition(condition), RACE_CALLER_PC());
}

RACE_INTERCEPT int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    return race__c11_status(race__cond_wait(as_condition(condition), as_mutex(mutex),
                                            NULL, mtx_kind, RACE_CALLER_PC()));
}

RACE_INTERCEPT int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex,
                                 const struct timespec *restrict deadline)
{
    return race__c11_status(race__cond_wait(as_condition(condition), as_mutex(mutex),
                                            deadline, mtx_kind, RACE_CALLER_PC()));
}

RACE_INTERCEPT int cnd_signal(cnd_t *condition)
{
    return race__c11_status(race__cond_signal(as_condition(condition), RACE_CALLER_PC()));
}

RACE_INTERCEPT int cnd_broadcast(cnd_t *condition)
{
    return race__c11_status(
        race__cond_broadcast(as_condition(condition), RACE_CALLER_PC()));
}

RACE_INTERCEPT void call_once(once_flag *flag, void (*function)(void))
{
    (void)race__once((pthread_once_t *)flag, function);
}
