/* C11's <threads.h> over pthreads, for TSan alone.
 *
 * glibc's functions reach their pthread twins by names that no interceptor stands at: TSan
 * would see a thread it never met, and crash, and locks it never saw, and report races
 * that are none.  Here each goes through the pthread function's public name, which is
 * TSan's interceptor.  tss_* makes no order and stays glibc's.  Beside goc's own
 * detector its interceptors of <threads.h> do the same.
 */
#include "base/compiler.h"
#include "base/threads_c11.h"

#include <stdlib.h>

/* What a new thread is to run; the creator's allocation, the thread's to free. */
struct start {
    thrd_start_t function;
    void *argument;
};

static void *run(void *argument)
{
    struct start *orders = argument;
    const struct start start = *orders;
    free(orders);
    return race__c11_pack(start.function(start.argument));
}

RACE_EXPORT int thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
    struct start *orders = malloc(sizeof *orders);
    if (orders == NULL)
        return thrd_nomem;
    *orders = (struct start){.function = function, .argument = argument};
    const int error = pthread_create(thread, NULL, run, orders);
    if (error == 0)
        return thrd_success;
    free(orders);
    return error == EAGAIN ? thrd_nomem : race__c11_status(error); // POSIX: no resources
}

RACE_EXPORT int thrd_join(thrd_t thread, int *result)
{
    void *packed = NULL;
    const int error = pthread_join(thread, &packed);
    if (error == 0 && result != NULL)
        *result = (int)(intptr_t)packed;
    return race__c11_status(error);
}

RACE_EXPORT int thrd_detach(thrd_t thread)
{
    return race__c11_status(pthread_detach(thread));
}

RACE_EXPORT _Noreturn void thrd_exit(int result)
{
    pthread_exit(race__c11_pack(result));
}

RACE_EXPORT int mtx_init(mtx_t *mutex, int type)
{
    pthread_mutexattr_t attributes;
    int error = pthread_mutexattr_init(&attributes);
    if (error != 0)
        return race__c11_status(error);
    if ((type & mtx_recursive) != 0)
        (void)pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    error = pthread_mutex_init((pthread_mutex_t *)mutex, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
    return race__c11_status(error);
}

RACE_EXPORT void mtx_destroy(mtx_t *mutex)
{
    (void)pthread_mutex_destroy((pthread_mutex_t *)mutex);
}

RACE_EXPORT int mtx_lock(mtx_t *mutex)
{
    return race__c11_status(pthread_mutex_lock((pthread_mutex_t *)mutex));
}

RACE_EXPORT int mtx_trylock(mtx_t *mutex)
{
    return race__c11_status(pthread_mutex_trylock((pthread_mutex_t *)mutex));
}

RACE_EXPORT int mtx_timedlock(mtx_t *restrict mutex,
                              const struct timespec *restrict deadline)
{
    return race__c11_status(pthread_mutex_timedlock((pthread_mutex_t *)mutex, deadline));
}

RACE_EXPORT int mtx_unlock(mtx_t *mutex)
{
    return race__c11_status(pthread_mutex_unlock((pthread_mutex_t *)mutex));
}

RACE_EXPORT int cnd_init(cnd_t *condition)
{
    return race__c11_status(pthread_cond_init((pthread_cond_t *)condition, NULL));
}

RACE_EXPORT void cnd_destroy(cnd_t *condition)
{
    (void)pthread_cond_destroy((pthread_cond_t *)condition);
}

RACE_EXPORT int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    return race__c11_status(
        pthread_cond_wait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex));
}

RACE_EXPORT int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex,
                              const struct timespec *restrict deadline)
{
    return race__c11_status(pthread_cond_timedwait((pthread_cond_t *)condition,
                                                   (pthread_mutex_t *)mutex, deadline));
}

RACE_EXPORT int cnd_signal(cnd_t *condition)
{
    return race__c11_status(pthread_cond_signal((pthread_cond_t *)condition));
}

RACE_EXPORT int cnd_broadcast(cnd_t *condition)
{
    return race__c11_status(pthread_cond_broadcast((pthread_cond_t *)condition));
}

RACE_EXPORT void call_once(once_flag *flag, void (*function)(void))
{
    (void)pthread_once((pthread_once_t *)flag, function);
}
