/* Spin locks order like mutexes. */
#include "pair.h"

int shared;
static pthread_spinlock_t lock;

static void first(void)
{
    pthread_spin_lock(&lock);
    shared++;
    pthread_spin_unlock(&lock);
}

static void second(void)
{
    CHECK_EQ(pthread_spin_trylock(&lock), 0);
    shared++;
    pthread_spin_unlock(&lock);
}

int main(void)
{
    CHECK_EQ(pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE), 0);
    pair_in_order();
    CHECK_EQ(pthread_spin_destroy(&lock), 0);
}
