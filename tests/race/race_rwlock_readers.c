/* Readers are not ordered among themselves. */
#include "pair.h"

int shared;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_unlock(&lock);
}

static void second(void)
{
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_unlock(&lock);
    CHECK_EQ(shared, 1); // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
