/* Hand over hand along a chain, recursive mutexes, and locks given back in any order: all
 * in one order. */
#include "pair.h"

#define COUNT 20

static pthread_mutex_t chain[COUNT];

static void walk(void)
{
    pthread_mutex_lock(&chain[0]);
    for (int i = 1; i < COUNT; i++) {
        pthread_mutex_lock(&chain[i]);
        pthread_mutex_unlock(&chain[i - 1]);
    }
    pthread_mutex_lock(&chain[COUNT - 1]);
    pthread_mutex_unlock(&chain[COUNT - 1]);
    pthread_mutex_unlock(&chain[COUNT - 1]);
    for (int i = 0; i < COUNT; i++)
        pthread_mutex_lock(&chain[i]);
    pthread_mutex_lock(&chain[0]); // held already: waits for nobody
    pthread_mutex_unlock(&chain[0]);
    for (int i = 0; i < COUNT; i++)
        pthread_mutex_unlock(&chain[i]);
}

static void first(void)
{
    walk();
}

static void second(void)
{
    walk();
}

int main(void)
{
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    for (int i = 0; i < COUNT; i++)
        CHECK_EQ(pthread_mutex_init(&chain[i], &recursive), 0);
    pair_in_order();
}
