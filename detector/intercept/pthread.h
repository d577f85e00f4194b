/* The interceptors' bodies under names of ours: <pthread.h> and <threads.h> share them.
 *
 * PC is where the program called the public function.  KIND is the lock's name in reports.
 * Each returns what the POSIX function of its name returns.
 */
#ifndef GOC_INTERCEPT_PTHREAD_H
#define GOC_INTERCEPT_PTHREAD_H

#include <pthread.h>
#include <time.h>

int race__pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                         void *(*function)(void *), void *argument, const void *pc);
int race__pthread_join(pthread_t thread, void **result, const void *pc);
int race__pthread_detach(pthread_t thread);

int race__mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes,
                     const void *pc);
int race__mutex_destroy(pthread_mutex_t *mutex, const char *kind, const void *pc);
int race__mutex_lock(pthread_mutex_t *mutex, const char *kind, const void *pc);
int race__mutex_trylock(pthread_mutex_t *mutex, const char *kind, const void *pc);
int race__mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *deadline,
                          const char *kind, const void *pc);
int race__mutex_unlock(pthread_mutex_t *mutex, const char *kind, const void *pc);
/* MUTEX is about to be unlocked. */
void race__mutex_release(const pthread_mutex_t *mutex, const char *kind, const void *pc);

/* DEADLINE may be NULL: wait for as long as it takes. */
int race__cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                    const struct timespec *deadline, const char *kind, const void *pc);
int race__cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes,
                    const void *pc);
int race__cond_destroy(pthread_cond_t *condition, const void *pc);
int race__cond_signal(pthread_cond_t *condition, const void *pc);
int race__cond_broadcast(pthread_cond_t *condition, const void *pc);

int race__once(pthread_once_t *control, void (*function)(void));

#endif
