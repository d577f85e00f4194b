/* What was got by trying is held like any other: the inner lock is waited for. */
#include "pair.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void nest(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    CHECK_EQ(pthread_mutex_trylock(outer), 0);
    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
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
