/* Locks that nobody holds are given back, of every kind; a wait for a condition gives its
 * mutex back as well. */
#include <pthread.h>
#include <threads.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_mutex_t waited = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

// CHECK: WARNING: UNLOCK OF AN UNLOCKED LOCK: a lock is given back that nobody holds
// CHECK: Main thread unlocks pthread_mutex 'mutex' at:
// CHECK: Main thread unlocks pthread_rwlock 'rwlock' at:
// CHECK: Main thread unlocks pthread_spinlock 'spin' at:
// CHECK: Main thread unlocks pthread_mutex 'waited' at:
// CHECK: Found 4 errors
int main(void)
{
    const struct timespec long_ago = {0};
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    pthread_mutex_unlock(&mutex);
    pthread_rwlock_unlock(&rwlock);
    pthread_spin_unlock(&spin);
    pthread_cond_timedwait(&condition, &waited, &long_ago);
}
