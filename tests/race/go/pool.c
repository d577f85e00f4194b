/* Go's pool_test.go. */
#include "cases.h"

#include <goc/pool.h>
#include <stdlib.h>

static void *make(void)
{
    return calloc(1, 10);
}

CASE(RacePool)
{
    for (int i = 0; i < 10; i++) {
        goc_pool pool = GOC_POOL_INIT(make, free);
        goc_pool *p = &pool;
        char *x = goc_pool_get(p);
        x[0] = 1;
        goc_pool_put(p, x);
        chan(bool) done = beside(^{
            char *y = goc_pool_get(p);
            y[0] = 2;
        });
        x[0] = 3;
        chan_recv(done);
        goc_pool_free(p);
    }
}

CASE(NoRacePool)
{
    static struct barrier gate;
    static goc_pool pools[10];
    for (unsigned i = 0; i < 10; i++) {
        goc_pool *p = &pools[i];
        p->make = make;
        p->drop = free;
        char *x = goc_pool_get(p);
        x[0] = 1;
        goc_pool_put(p, x);
        go ^{
            char *y = goc_pool_get(p);
            y[0] = 2;
            goc_pool_put(p, y);
            barrier_arrive(&gate);
        }();
        see(&gate, i + 1);
        x = goc_pool_get(p);
        x[0] = 3;
    }
}
