/* A __block variable belongs to all who capture it: the last to let go of it frees it, after what
 * the others have done with it. */
#include "barrier.h"
#include "check.h"

#include <goc.h>

static struct barrier gate;

static void see(unsigned count)
{
    while (!barrier_reached(&gate, count))
        goc_yield();
}

static void write_first(void)
{
    chan(bool) done = chan_make(bool, 1);
    __block int value = 0;
    go ^{
        value = 1;
        chan_send(done, true);
        see(1);
        barrier_arrive(&gate);
    }();
    chan_recv(done);
    value = 2;
    CHECK_EQ(value, 2);
}

int main(void)
{
    write_first();
    barrier_arrive(&gate); /* the goroutine alone has the variable now */
    see(2);
    while (goc_num_goroutine() > 1)
        goc_yield();
}
