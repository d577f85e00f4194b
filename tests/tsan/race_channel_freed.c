/* The memory of a race is a channel, made here; it is freed under a user. */
#include "barrier.h"

#include <goc.h>

static chan(int) c;
static struct barrier gate;

static void use(void)
{
    chan_send(c, 1); // CHECK: race_channel_freed.c:[[#@LINE]]:
    barrier_arrive(&gate);
}

int main(void)
{
    c = chan_make(int, 1);
    go use();
    while (!barrier_reached(&gate, 1))
        goc_yield();
    chan_free(c);
}
// CHECK: Location is channel of size
