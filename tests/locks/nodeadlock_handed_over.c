/* A goc_mutex that another goroutine unlocks, as it may, is a signal: who locked it holds
 * nothing by it. */
#include "barrier.h"

#include <goc.h>
#include <goc/sync.h>

static goc_mutex signal;
static goc_mutex mutex;
static struct barrier step;

static void unlock(void)
{
    goc_mutex_unlock(&signal);
    barrier_arrive(&step);
}

static void nest(void)
{
    while (!barrier_reached(&step, 2))
        goc_yield();
    goc_mutex_lock(&mutex);
    goc_mutex_lock(&signal);
    goc_mutex_unlock(&signal);
    goc_mutex_unlock(&mutex);
    barrier_arrive(&step);
}

int main(void)
{
    go nest();
    goc_mutex_lock(&signal);
    go unlock();
    while (!barrier_reached(&step, 1))
        goc_yield();
    goc_mutex_lock(&mutex);
    goc_mutex_unlock(&mutex);
    barrier_arrive(&step);
    while (!barrier_reached(&step, 3))
        goc_yield();
}
