/* Locks are used that have been destroyed; one that was made again is no such. */
#include "check.h"

#include <errno.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t again = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t assigned = PTHREAD_RWLOCK_INITIALIZER;

// CHECK: WARNING: USE OF A DESTROYED LOCK: a lock is used that has been destroyed
// CHECK: Main thread uses pthread_mutex 'mutex' at:
// CHECK: Main thread destroys pthread_mutex 'mutex' at:
// CHECK: Main thread uses pthread_rwlock 'rwlock' at:
// CHECK: Main thread destroys pthread_rwlock 'rwlock' at:
// CHECK: Found 2 errors
// OFF-NOT: WARNING:
int main(void)
{
    CHECK_EQ(pthread_mutex_destroy(&mutex), 0);
    CHECK_EQ(pthread_mutex_destroy(&again), 0);
    CHECK_EQ(pthread_rwlock_destroy(&rwlock), 0);
    CHECK_EQ(pthread_rwlock_destroy(&assigned), 0);
    CHECK_EQ(pthread_mutex_init(&again, NULL), 0);
    assigned = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
    pthread_mutex_lock(&again);
    pthread_mutex_unlock(&again);
    pthread_rwlock_rdlock(&assigned);
    pthread_rwlock_unlock(&assigned);
    CHECK_EQ(pthread_mutex_lock(&mutex), EINVAL);
    pthread_rwlock_rdlock(&rwlock);
}
