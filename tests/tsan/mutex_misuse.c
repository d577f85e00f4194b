/* What TSan says beside races is told as well, and changes no status. */
#include <pthread.h>

int main(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    pthread_mutex_destroy(&mutex);
    return 0;
}
// CHECK: WARNING: locked-mutex-destroy
// CHECK-NOT: DATA RACE
