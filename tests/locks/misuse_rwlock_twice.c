/* A writer that reads or writes again is refused, and reported. */
#include "check.h"

#include <errno.h>
#include <pthread.h>

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

// CHECK-COUNT-2: WARNING: DOUBLE LOCK
// CHECK: Found 2 errors
int main(void)
{
    pthread_rwlock_wrlock(&rwlock);
    CHECK_EQ(pthread_rwlock_wrlock(&rwlock), EDEADLK);
    CHECK_EQ(pthread_rwlock_rdlock(&rwlock), EDEADLK);
    pthread_rwlock_unlock(&rwlock);
}
