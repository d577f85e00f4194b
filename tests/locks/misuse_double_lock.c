/* Who locks a normal mutex twice waits for itself, for ever. */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

// CHECK: WARNING: DOUBLE LOCK: a lock is taken by whoever holds it already
// CHECK: Main thread takes pthread_mutex 'mutex' at:
// CHECK: misuse_double_lock.c:[[#@LINE+7]]:
// CHECK: Main thread holds pthread_mutex 'mutex', taken at:
// CHECK: misuse_double_lock.c:[[#@LINE+4]]:
// CHECK: Found 1 error
int main(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
}
