/* Go's rwmutex_test.go. */
#include "cases.h"

static goc_rwmutex lock;

CASE(RaceMutexRWMutex)
{
    static goc_mutex plain;
    __block int16_t x = 0;
    both(
        ^{
            goc_mutex_lock(&plain);
            goc_defer goc_mutex_unlock(&plain);
            x = 1;
        },
        ^{
            goc_rwmutex_lock(&lock);
            x = 2;
            goc_rwmutex_unlock(&lock);
        });
}

CASE(NoRaceRWMutex)
{
    __block int64_t x = 0;
    __block int64_t y = 1;
    both(
        ^{
            goc_rwmutex_lock(&lock);
            goc_defer goc_rwmutex_unlock(&lock);
            x = 2;
        },
        ^{
            goc_rwmutex_rlock(&lock);
            y = x;
            goc_rwmutex_runlock(&lock);
        });
}

static chan(bool) writer(int64_t *x)
{
    return beside(^{
        goc_rwmutex_lock(&lock);
        goc_defer goc_rwmutex_unlock(&lock);
        *x = 2;
    });
}

static chan(bool) reader(const int64_t *x, int64_t *y, int64_t add)
{
    return beside(^{
        goc_rwmutex_rlock(&lock);
        int64_t sum = *x + add;
        if (y)
            *y = sum;
        use(sum);
        goc_rwmutex_runlock(&lock);
    });
}

/* Of three readers two are on the same side of the writer, in any order. */
static void one_writer_three_readers(int64_t *y)
{
    int64_t x = 0;
    chan(bool)
        done[] = {writer(&x), reader(&x, y, 1), reader(&x, y, 2), reader(&x, y, 3)};
    for (int i = 0; i < 4; i++)
        chan_recv(done[i]);
}

CASE(RaceRWMutexMultipleReaders)
{
    int64_t y = 1;
    one_writer_three_readers(&y);
}

CASE(NoRaceRWMutexMultipleReaders)
{
    one_writer_three_readers(NULL);
}

CASE(NoRaceRWMutexTransitive)
{
    static struct barrier gate;
    __block int64_t x = 0;
    void (^read)(void) = ^{
        goc_rwmutex_rlock(&lock);
        use(x);
        goc_rwmutex_runlock(&lock);
        barrier_arrive(&gate);
    };
    chan(bool) first = beside(read);
    chan(bool) second = beside(^{
        see(&gate, 1);
        read();
    });
    see(&gate, 2);
    goc_rwmutex_lock(&lock);
    x = 42;
    goc_rwmutex_unlock(&lock);
    chan_recv(first);
    chan_recv(second);
}
