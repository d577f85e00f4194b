/* C11's threads beside pthreads: glibc's types are its pthread types under other names, which
 * the asserts hold it to. */
#ifndef GOC_DETECTOR_BASE_THREADS_C11_H
#define GOC_DETECTOR_BASE_THREADS_C11_H

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <threads.h>

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "mtx_t is a pthread_mutex_t");
_Static_assert(_Alignof(mtx_t) == _Alignof(pthread_mutex_t), "aligned alike");
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "cnd_t is a pthread_cond_t");
_Static_assert(_Alignof(cnd_t) == _Alignof(pthread_cond_t), "aligned alike");
_Static_assert(sizeof(once_flag) == sizeof(pthread_once_t), "once_flag: pthread_once_t");
_Static_assert(sizeof(thrd_t) == sizeof(pthread_t), "thrd_t is a pthread_t");

/* What a function of <threads.h> answers where its pthread twin answers ERROR. */
static inline int race__c11_status(int error)
{
    switch (error) {
    case 0:
        return thrd_success;
    case ENOMEM:
        return thrd_nomem;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    default:
        return thrd_error;
    }
}

/* A thread function's int travels as a pointer, as glibc's does. */
static inline void *race__c11_pack(int result)
{
    return (void *)(uintptr_t)(intptr_t)result;
}

#endif
