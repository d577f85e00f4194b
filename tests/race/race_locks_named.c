/* Reports name the locks that were held, and say where each was taken. */
#include "pair.h"

int shared;
static struct {
    long used;
    pthread_mutex_t locks[2];
} table = {.locks = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER}};
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void first(void)
{
    // CHECK-GOC-DAG: rwlock 'rwlock' (shared), taken at {{.*}}.c:[[#@LINE+1]]:
    pthread_rwlock_rdlock(&rwlock);
    // CHECK-GOC-DAG: holding pthread_mutex 'table.locks[1]', taken at {{.*}}.c:[[#@LINE+1]]:
    pthread_mutex_lock(&table.locks[1]);
    shared++;
    pthread_mutex_unlock(&table.locks[1]);
    pthread_rwlock_unlock(&rwlock);
}

static void second(void)
{
    // CHECK-GOC-DAG: holding pthread_mutex 'table.locks[0]', taken at {{.*}}.c:[[#@LINE+1]]:
    pthread_mutex_lock(&table.locks[0]);
    shared++;
    pthread_mutex_unlock(&table.locks[0]);
}

// CHECK-GOC-DAG: guard 'shared' with the same one everywhere
int main(void)
{
    pair_in_order();
}
