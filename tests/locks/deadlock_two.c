/* Two mutexes in opposite orders by two threads that could meet: it did not happen, and
 * may. */
#include "pair.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static struct {
    int used;
    pthread_mutex_t locks[3];
} table = {.locks = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                     PTHREAD_MUTEX_INITIALIZER}};

static void first(void)
{
    pthread_mutex_lock(&a);              // CHECK-DAG: deadlock_two.c:[[#@LINE]]:
    pthread_mutex_lock(&table.locks[2]); // CHECK-DAG: deadlock_two.c:[[#@LINE]]:
    pthread_mutex_unlock(&table.locks[2]);
    pthread_mutex_unlock(&a);
}

static void second(void)
{
    pthread_mutex_lock(&table.locks[2]); // CHECK-DAG: deadlock_two.c:[[#@LINE]]:
    pthread_mutex_lock(&a);              // CHECK-DAG: deadlock_two.c:[[#@LINE]]:
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&table.locks[2]);
}

// CHECK-DAG: WARNING: LOCK-ORDER INVERSION (potential deadlock)
// CHECK-DAG: takes pthread_mutex 'a' at:
// CHECK-DAG: holds pthread_mutex 'table.locks[2]', taken at:
// CHECK-DAG: takes pthread_mutex 'table.locks[2]' at:
// CHECK-DAG: holds pthread_mutex 'a', taken at:
// CHECK-DAG: pthread_mutex 'a' is global 'a' of size 40 at {{.*}}deadlock_two.c:
// CHECK-DAG: was created by main thread at:
// CHECK-DAG: Found 1 error in the use of locks or threads.
// OFF-NOT: WARNING:
int main(void)
{
    pair_in_order();
}
