/* A counter that both threads add to keeps nobody apart, though one read what the other
 * left. */
#include "pair.h"

#include <stdatomic.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static atomic_int counter;

static void nest(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    atomic_fetch_add(&counter, 1);
    pthread_mutex_lock(outer);
    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
    atomic_fetch_add(&counter, 1);
}

static void first(void)
{
    nest(&a, &b);
}

static void second(void)
{
    nest(&b, &a);
}

// CHECK: Found 1 error
int main(void)
{
    pair_in_order();
}
