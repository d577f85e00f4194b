/* Writing under the readers' side protects nobody. */
#include "pair.h"

int shared;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void first(void)
{
    pthread_rwlock_rdlock(&lock);
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_rwlock_unlock(&lock);
}

static void second(void)
{
    pthread_rwlock_rdlock(&lock);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    pthread_rwlock_unlock(&lock);
}

int main(void)
{
    pair_in_order();
}
