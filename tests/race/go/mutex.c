/* Go's mutex_test.go. */
#include "cases.h"

static goc_mutex mutex;
static goc_mutex another;

CASE(NoRaceMutex)
{
    __block int16_t x = 0;
    both(
        ^{
            goc_mutex_lock(&mutex);
            goc_defer goc_mutex_unlock(&mutex);
            x = 1;
        },
        ^{
            goc_mutex_lock(&mutex);
            x = 2;
            goc_mutex_unlock(&mutex);
        });
}

CASE(RaceMutex)
{
    __block int16_t x = 0;
    static struct barrier gate;
    both(
        ^{
            x = 1;
            barrier_arrive(&gate);
            see(&gate, 2);
            goc_mutex_lock(&mutex);
            goc_defer goc_mutex_unlock(&mutex);
        },
        ^{
            x = 2;
            barrier_arrive(&gate);
            see(&gate, 2);
            goc_mutex_lock(&mutex);
            goc_mutex_unlock(&mutex);
        });
}

CASE(RaceMutex2)
{
    __block int8_t x = 0;
    both(
        ^{
            goc_mutex_lock(&mutex);
            goc_defer goc_mutex_unlock(&mutex);
            x = 1;
        },
        ^{
            goc_mutex_lock(&another);
            x = 2;
            goc_mutex_unlock(&another);
        });
}

CASE(NoRaceMutexPureHappensBefore)
{
    __block int16_t x = 0;
    static struct barrier gate;
    both(
        ^{
            x = 1;
            goc_mutex_lock(&mutex);
            goc_mutex_unlock(&mutex);
            barrier_arrive(&gate);
        },
        ^{
            see(&gate, 1);
            goc_mutex_lock(&mutex);
            goc_mutex_unlock(&mutex);
            x = 1;
        });
}

/* A mutex belongs to nobody: who has not locked it may unlock it. */

CASE(NoRaceMutexSemaphore)
{
    __block int x = 0;
    goc_mutex_lock(&mutex);
    both(
        ^{
            x = 1;
            goc_mutex_unlock(&mutex);
        },
        ^{
            goc_mutex_lock(&mutex);
            x = 2;
            goc_mutex_unlock(&mutex);
        });
}

CASE(NoRaceMutexExampleFromHtml)
{
    __block const char *a = "";
    goc_mutex_lock(&mutex);
    go ^{
        a = "hello, world";
        goc_mutex_unlock(&mutex);
    }();
    goc_mutex_lock(&mutex);
    use_pointer(a);
}

CASE(RaceMutexOverwrite)
{
    chan(bool) done = beside(^{
        mutex = (goc_mutex){0};
    });
    goc_mutex_lock(&mutex);
    chan_recv(done);
}
