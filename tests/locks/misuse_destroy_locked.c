/* Locks are destroyed while somebody holds them. */
#include "check.h"

#include <errno.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;

// CHECK: WARNING: DESTRUCTION OF A LOCK THAT IS HELD: a lock is destroyed while it is held
// CHECK: Main thread destroys pthread_mutex 'mutex' at:
// CHECK: Main thread holds pthread_mutex 'mutex', taken at:
// CHECK: Main thread destroys pthread_rwlock 'rwlock' at:
// CHECK: Main thread holds pthread_rwlock 'rwlock' for reading, taken at:
// CHECK: Main thread destroys pthread_spinlock 'spin' at:
// CHECK: Found 3 errors
// OFF-NOT: WARNING:
int main(void)
{
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    pthread_mutex_lock(&mutex);
    pthread_rwlock_rdlock(&rwlock);
    pthread_spin_lock(&spin);
    CHECK_EQ(pthread_mutex_destroy(&mutex), EBUSY);
    pthread_rwlock_destroy(&rwlock);
    pthread_spin_destroy(&spin);
}
