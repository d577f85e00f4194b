/* A writer on one side is enough: the reader holds what the writer wants. */
#include "pair.h"

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    pthread_rwlock_rdlock(&rwlock);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    pthread_rwlock_unlock(&rwlock);
}

static void second(void)
{
    pthread_mutex_lock(&mutex);
    pthread_rwlock_wrlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
    pthread_mutex_unlock(&mutex);
}

// CHECK: takes pthread_rwlock 'rwlock' at:
// CHECK: holds pthread_mutex 'mutex', taken at:
// CHECK: takes pthread_mutex 'mutex' at:
// CHECK: holds pthread_rwlock 'rwlock' for reading, taken at:
// OFF-NOT: WARNING:
int main(void)
{
    pair_in_order();
}
