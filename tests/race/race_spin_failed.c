/* A spin lock that was not got orders nothing. */
#include "pair.h"

#include <errno.h>

int shared;
static pthread_spinlock_t lock;
static struct barrier tried;

static void first(void)
{
    pthread_spin_lock(&lock);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&step);
    barrier_await(&tried, 1);
    pthread_spin_unlock(&lock);
}

static void second(void)
{
    barrier_await(&step, 1);
    CHECK_EQ(pthread_spin_trylock(&lock), EBUSY);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    barrier_arrive(&tried);
}

int main(void)
{
    CHECK_EQ(pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE), 0);
    pair_at_once();
}
