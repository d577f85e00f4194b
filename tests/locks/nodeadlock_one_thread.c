/* Both orders by one thread, twice: it cannot meet itself. */
#include "pair.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void nest(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    pthread_mutex_lock(outer);
    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
}

static void first(void)
{
    nest(&a, &b);
    nest(&b, &a);
    nest(&a, &b);
}

static void second(void) {}

int main(void)
{
    pair_in_order();
}
