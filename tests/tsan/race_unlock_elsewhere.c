/* The lock that was handed back is held by nobody; a report must not show it as held. */
#include <goc.h>

static goc_mutex mutex;
static chan(int) handed_back;
static int shared;

static void hand_back(void)
{
    goc_mutex_unlock(&mutex);
    chan_send(handed_back, 1);
    shared++; // CHECK-DAG: race_unlock_elsewhere.c:[[#@LINE]]:
}

int main(void)
{
    handed_back = chan_make(int, 0);
    goc_mutex_lock(&mutex);
    go hand_back();
    chan_recv(handed_back);
    shared++; // CHECK-DAG: race_unlock_elsewhere.c:[[#@LINE]]:
    for (int i = 0; i < 100; i++)
        goc_yield();
}
// CHECK-NOT: holding
