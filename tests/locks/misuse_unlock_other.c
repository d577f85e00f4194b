/* One thread takes the locks, and the other gives them back. */
#include "pair.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t written = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t other = PTHREAD_RWLOCK_INITIALIZER;
static struct barrier done;

static void first(void)
{
    pthread_mutex_lock(&mutex); // CHECK-DAG: misuse_unlock_other.c:[[#@LINE]]:
    pthread_rwlock_wrlock(&written);
    pthread_rwlock_rdlock(&other);
    barrier_arrive(&step);
    barrier_await(&done, 1);
}

static void second(void)
{
    barrier_await(&step, 1);
    pthread_mutex_unlock(&mutex); // CHECK-DAG: misuse_unlock_other.c:[[#@LINE]]:
    pthread_rwlock_unlock(&other);
    barrier_arrive(&done);
}

// CHECK-DAG: WARNING: UNLOCK OF A LOCK THAT IS NOT HELD: a lock is given back by somebody who does not hold it
// CHECK-DAG: unlocks pthread_mutex 'mutex' at:
// CHECK-DAG: holds pthread_mutex 'mutex', taken at:
// CHECK-DAG: unlocks pthread_rwlock 'other' at:
// CHECK-DAG: holds pthread_rwlock 'other' for reading, taken at:
// CHECK-DAG: Found 2 errors
// OFF-NOT: WARNING:
int main(void)
{
    pair_at_once();
    (void)written;
}
