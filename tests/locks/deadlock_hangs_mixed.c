/* Three threads in a circle over a mutex, a read-write lock and a spin lock. */
#include "pair.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;

static void *third(void *unused)
{
    pthread_spin_lock(&spin);
    barrier_meet(&step, 3);
    pthread_mutex_lock(&mutex);
    return unused;
}

static void first(void)
{
    pthread_mutex_lock(&mutex);
    barrier_meet(&step, 3);
    pthread_rwlock_wrlock(&rwlock);
}

static void second(void)
{
    pthread_rwlock_rdlock(&rwlock);
    barrier_meet(&step, 3);
    pthread_spin_lock(&spin);
}

// CHECK-DAG: WARNING: DEADLOCK
// CHECK-DAG: waits for pthread_mutex 'mutex' at:
// CHECK-DAG: holds pthread_mutex 'mutex', taken at:
// CHECK-DAG: waits for pthread_rwlock 'rwlock' at:
// CHECK-DAG: holds pthread_rwlock 'rwlock' for reading, taken at:
// CHECK-DAG: waits for pthread_spinlock 'spin' at:
// CHECK-DAG: holds pthread_spinlock 'spin', taken at:
int main(void)
{
    pthread_t thread;
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    pthread_create(&thread, NULL, third, NULL);
    pair_at_once();
}
