/* A reader that wants to write waits for itself, for ever. */
#include <pthread.h>

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

// CHECK: WARNING: DOUBLE LOCK
// CHECK: Main thread takes pthread_rwlock 'rwlock' at:
// CHECK: Main thread holds pthread_rwlock 'rwlock' for reading, taken at:
int main(void)
{
    pthread_rwlock_rdlock(&rwlock);
    pthread_rwlock_wrlock(&rwlock);
}
