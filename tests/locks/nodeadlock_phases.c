/* Opposite orders that something other than a lock keeps apart: creation, join, a barrier,
 * a semaphore, a condition's signal, an atomic flag. */
#include "pair.h"

#include <semaphore.h>
#include <stdatomic.h>

static pthread_mutex_t locks[12];
static pthread_barrier_t barrier;
static sem_t semaphore;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int signalled; // guard
static atomic_int flag;

static void nest(int outer, int inner)
{
    pthread_mutex_lock(&locks[outer]);
    pthread_mutex_lock(&locks[inner]);
    pthread_mutex_unlock(&locks[inner]);
    pthread_mutex_unlock(&locks[outer]);
}

static void first(void)
{
    nest(1, 0); // main has nested 0 and 1 before it created us
    nest(2, 3); // and 3 and 2 after it joined us
    nest(4, 5);
    pthread_barrier_wait(&barrier);
    nest(6, 7);
    sem_post(&semaphore);
    barrier_await(&step, 1);
    nest(8, 9);
    pthread_mutex_lock(&guard);
    signalled = 1;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&guard);
    nest(10, 11);
    atomic_store(&flag, 1);
}

static void second(void)
{
    pthread_barrier_wait(&barrier);
    nest(5, 4);
    sem_wait(&semaphore);
    nest(7, 6);
    pthread_mutex_lock(&guard);
    barrier_arrive(&step);
    while (!signalled)
        pthread_cond_wait(&condition, &guard);
    pthread_mutex_unlock(&guard);
    nest(9, 8);
    while (!atomic_load(&flag))
        ;
    nest(11, 10);
}

int main(void)
{
    for (int i = 0; i < 12; i++)
        CHECK_EQ(pthread_mutex_init(&locks[i], NULL), 0);
    pthread_barrier_init(&barrier, NULL, 2);
    sem_init(&semaphore, 0, 0);
    nest(0, 1);
    pair_at_once();
    nest(3, 2);
}
