/* A recursive mutex protects until its last unlock. */
#include "pair.h"

int shared;
static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void add(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
    shared++;
    pthread_mutex_unlock(&mutex);
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
    CHECK_EQ(shared, 4);
}
