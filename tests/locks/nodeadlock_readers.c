/* Opposite orders of readers: neither keeps the other out. */
#include "pair.h"

static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t b = PTHREAD_RWLOCK_INITIALIZER;

static void nest(pthread_rwlock_t *outer, pthread_rwlock_t *inner)
{
    pthread_rwlock_rdlock(outer);
    pthread_rwlock_rdlock(inner);
    pthread_rwlock_rdlock(outer); // again, as a reader may
    pthread_rwlock_unlock(outer);
    pthread_rwlock_unlock(inner);
    pthread_rwlock_unlock(outer);
}

static void first(void)
{
    nest(&a, &b);
}

static void second(void)
{
    nest(&b, &a);
}

int main(void)
{
    pair_in_order();
}
