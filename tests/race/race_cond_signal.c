/* The signal itself orders nothing: what was written outside the mutex, and is read outside
 * it, races however surely the signal came in between. */
#include "pair.h"

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void first(void)
{
    pthread_mutex_lock(&mutex);
    barrier_arrive(&step);
    pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    barrier_await(&step, 1);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_cond_broadcast(&condition);
}

int main(void)
{
    pair_at_once();
}
