/* Goroutines nest a goc_mutex and a goc_rwmutex in opposite orders. */
#include "barrier.h"

#include <goc.h>
#include <goc/sync.h>

static goc_mutex mutex;
static goc_rwmutex rwmutex;
static struct barrier step;

static void up(void)
{
    goc_mutex_lock(&mutex);      // CHECK-DAG: deadlock_goroutines.c:[[#@LINE]]:
    goc_rwmutex_rlock(&rwmutex); // CHECK-DAG: deadlock_goroutines.c:[[#@LINE]]:
    goc_rwmutex_runlock(&rwmutex);
    goc_mutex_unlock(&mutex);
    barrier_arrive(&step);
}

static void down(void)
{
    while (!barrier_reached(&step, 1))
        goc_yield();
    goc_rwmutex_lock(&rwmutex); // CHECK-DAG: deadlock_goroutines.c:[[#@LINE]]:
    goc_mutex_lock(&mutex);     // CHECK-DAG: deadlock_goroutines.c:[[#@LINE]]:
    goc_mutex_unlock(&mutex);
    goc_rwmutex_unlock(&rwmutex);
    barrier_arrive(&step);
}

// CHECK-DAG: takes goc_mutex 'mutex' at:
// CHECK-DAG: holds goc_rwmutex 'rwmutex', taken at:
// CHECK-DAG: takes goc_rwmutex 'rwmutex' for reading at:
// CHECK-DAG: holds goc_mutex 'mutex', taken at:
// CHECK-DAG: Goroutine {{[0-9]+}} was created by main goroutine at:
int main(void)
{
    go up();
    go down();
    while (!barrier_reached(&step, 2))
        goc_yield();
}
