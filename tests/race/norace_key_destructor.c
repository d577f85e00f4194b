/* Destructors of thread-specific data are part of the thread: join orders them too. */
#include "pair.h"

int shared;
static pthread_key_t key;

static void destroy(void *value)
{
    shared = *(int *)value;
}

static void *run(void *value)
{
    CHECK_EQ(pthread_setspecific(key, value), 0);
    return NULL;
}

static void first(void) {}

static void second(void) {}

int main(void)
{
    pthread_t thread;
    int value = 5;
    CHECK_EQ(pthread_key_create(&key, destroy), 0);
    CHECK_EQ(pthread_create(&thread, NULL, run, &value), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(shared, 5);
    (void)first, (void)second, (void)pair_in_order;
}
