/* Two threads that wait for each other's mutex for ever.  The report comes when the second
 * one begins to wait, and ends the process. */
#include "pair.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    pthread_mutex_lock(&a); // CHECK-DAG: deadlock_hangs.c:[[#@LINE]]:
    barrier_meet(&step, 2);
    pthread_mutex_lock(&b); // CHECK-DAG: deadlock_hangs.c:[[#@LINE]]:
}

static void second(void)
{
    pthread_mutex_lock(&b); // CHECK-DAG: deadlock_hangs.c:[[#@LINE]]:
    barrier_meet(&step, 2);
    pthread_mutex_lock(&a); // CHECK-DAG: deadlock_hangs.c:[[#@LINE]]:
}

// CHECK-DAG: WARNING: DEADLOCK
// CHECK-DAG: waits for pthread_mutex 'a' at:
// CHECK-DAG: holds pthread_mutex 'b', taken at:
// CHECK-DAG: waits for pthread_mutex 'b' at:
// CHECK-DAG: holds pthread_mutex 'a', taken at:
int main(void)
{
    pair_at_once();
}
