/* A trylock that gets the mutex orders like a lock. */
#include "pair.h"

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void add(void)
{
    CHECK_EQ(pthread_mutex_trylock(&mutex), 0);
    shared++;
    pthread_mutex_unlock(&mutex);
}

static void first(void)
{
    add();
}

static void second(void)
{
    add();
}

int main(void)
{
    pair_in_order();
}
