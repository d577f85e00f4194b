/* A wait gives the mutex back and takes it again: what is read under it is ordered. */
#include "pair.h"

int shared;
static int ready;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void first(void)
{
    pthread_mutex_lock(&mutex);
    while (!ready)
        pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
    CHECK_EQ(shared, 1);
}

static void second(void)
{
    shared = 1;
    pthread_mutex_lock(&mutex);
    ready = 1;
    pthread_mutex_unlock(&mutex);
    pthread_cond_signal(&condition);
}

int main(void)
{
    pair_at_once();
}
