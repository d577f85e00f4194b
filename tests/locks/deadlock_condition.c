/* A wait for a condition takes its mutex again while it holds another: whoever nests the
 * two the same way may hold the one and want the other. */
#include "pair.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void first(void)
{
    const struct timespec long_ago = {0};
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&inner);
    pthread_cond_timedwait(&condition, &outer, &long_ago); // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&inner);
    pthread_mutex_unlock(&outer);
}

static void second(void)
{
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&inner); // CHECK-DAG: .c:[[#@LINE]]:
    pthread_mutex_unlock(&inner);
    pthread_mutex_unlock(&outer);
}

// CHECK-DAG: takes pthread_mutex 'outer' at:
// CHECK-DAG: holds pthread_mutex 'inner', taken at:
// CHECK-DAG: takes pthread_mutex 'inner' at:
// CHECK-DAG: holds pthread_mutex 'outer', taken at:
int main(void)
{
    pair_in_order();
}
