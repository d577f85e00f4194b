/* The lock that was handed back is held by nobody; a report must not show it as held. */
#include "barrier.h"

#include <goc.h>

static goc_mutex mutex;
static chan(int) handed_back;
static int shared;
static struct barrier done;

static void hand_back(void)
{
    goc_mutex_unlock(&mutex);
    chan_send(handed_back, 1);
    shared++; // CHECK-DAG: race_unlock_elsewhere.c:[[#@LINE]]:
    barrier_arrive(&done);
}

int main(void)
{
    handed_back = chan_make(int, 0);
    goc_mutex_lock(&mutex);
    go hand_back();
    chan_recv(handed_back);
    shared++; // CHECK-DAG: race_unlock_elsewhere.c:[[#@LINE]]:
    while (!barrier_reached(&done, 1))
        goc_yield();
}
// CHECK-NOT: holding
