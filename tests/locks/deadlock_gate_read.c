/* A gate that both hold for reading lets both in. */
#include "pair.h"

static pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void nest(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    pthread_rwlock_rdlock(&gate);
    pthread_mutex_lock(outer);
    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
    pthread_rwlock_unlock(&gate);
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
