/* Capturing a __block variable orders nothing between those who use it. */
#include "barrier.h"

#include <goc.h>

static struct barrier step;

int main(void)
{
    chan(bool) done = chan_make(bool, 1);
    __block int value = 0;
    go ^{
        value = 1;
        barrier_arrive(&step);
        chan_send(done, true);
    }();
    while (!barrier_reached(&step, 1))
        goc_yield();
    value = 2;
    chan_recv(done);
    return value == 0;
}
