/* Go's atomic_test.go: sync/atomic is C11's sequentially consistent order. */
#include "cases.h"

#include <stdatomic.h>
#include <stdlib.h>

/* The one of two that comes second writes what the first has written: ordered by the count. */
#define COUNT_AND_WRITE(TYPE, TURN)                                                      \
    __block TYPE count = 0;                                                              \
    __block int8_t x1 = 0;                                                               \
    __block int8_t x2 = 0;                                                               \
    both(                                                                                \
        ^{                                                                               \
            x1 = 1;                                                                      \
            if (atomic_fetch_add(&count, 1) + 1 == (TURN))                               \
                x2 = 1;                                                                  \
        },                                                                               \
        ^{                                                                               \
            x2 = 1;                                                                      \
            if (atomic_fetch_add(&count, 1) + 1 == (TURN))                               \
                x1 = 1;                                                                  \
        })

CASE(NoRaceAtomicAddInt64)
{
    COUNT_AND_WRITE(_Atomic int64_t, 2);
}

CASE(RaceAtomicAddInt64)
{
    COUNT_AND_WRITE(_Atomic int64_t, 1);
}

CASE(NoRaceAtomicAddInt32)
{
    COUNT_AND_WRITE(_Atomic int32_t, 2);
}

/* One writes x and then PUBLISH, the other waits for SEEN and then writes x. */
#define PUBLISH_AND_SEE(TYPE, PUBLISH, SEEN)                                             \
    __block TYPE s = 0;                                                                  \
    __block int64_t x = 0;                                                               \
    go ^ {                                                                               \
        x = 2;                                                                           \
        PUBLISH;                                                                         \
    }();                                                                                 \
    while (!(SEEN))                                                                      \
        goc_yield();                                                                     \
    x = 1

static bool cas32(_Atomic int32_t *s, int32_t from, int32_t to)
{
    return atomic_compare_exchange_strong(s, &from, to);
}

static bool cas64(_Atomic uint64_t *s, uint64_t from, uint64_t to)
{
    return atomic_compare_exchange_strong(s, &from, to);
}

CASE(NoRaceAtomicLoadAddInt32)
{
    PUBLISH_AND_SEE(_Atomic int32_t, atomic_fetch_add(&s, 1), atomic_load(&s) == 1);
}

CASE(NoRaceAtomicLoadStoreInt32)
{
    PUBLISH_AND_SEE(_Atomic int32_t, atomic_store(&s, 1), atomic_load(&s) == 1);
}

CASE(NoRaceAtomicStoreCASInt32)
{
    PUBLISH_AND_SEE(_Atomic int32_t, atomic_store(&s, 1), cas32(&s, 1, 0));
}

CASE(NoRaceAtomicCASLoadInt32)
{
    PUBLISH_AND_SEE(_Atomic int32_t, CHECK(cas32(&s, 0, 1)), atomic_load(&s) == 1);
}

CASE(NoRaceAtomicCASCASInt32)
{
    PUBLISH_AND_SEE(_Atomic int32_t, CHECK(cas32(&s, 0, 1)), cas32(&s, 1, 0));
}

CASE(NoRaceAtomicCASCASUInt64)
{
    PUBLISH_AND_SEE(_Atomic uint64_t, CHECK(cas64(&s, 0, 1)), cas64(&s, 1, 0));
}

CASE(NoRaceAtomicStoreCASUint64)
{
    PUBLISH_AND_SEE(_Atomic uint64_t, atomic_store(&s, 1), cas64(&s, 1, 0));
}

CASE(NoRaceAtomicLoadInt64)
{
    PUBLISH_AND_SEE(_Atomic int64_t, atomic_fetch_add(&s, 1), atomic_load(&s) == 1);
}

CASE(NoRaceAtomicLoadStorePointer)
{
    static int pointee = 2;
    PUBLISH_AND_SEE(int *_Atomic, atomic_store(&s, &pointee), atomic_load(&s) != NULL);
}

/* A compare-and-swap that fails has still read. */
CASE(NoRaceAtomicCASCASInt32_2)
{
    __block _Atomic int32_t s = 0;
    __block int8_t x1 = 0;
    __block int8_t x2 = 0;
    both(
        ^{
            x1 = 1;
            if (!cas32(&s, 0, 1))
                x2 = 1;
        },
        ^{
            x2 = 1;
            if (!cas32(&s, 0, 1))
                x1 = 1;
        });
}

/* Atomic on one side only. */

CASE(RaceAtomicStoreLoad)
{
    __block uint64_t a = 0;
    chan(bool) done = beside(^{
        __atomic_store_n(&a, 1, __ATOMIC_SEQ_CST);
    });
    use((long)a);
    chan_recv(done);
}

CASE(RaceAtomicLoadStore)
{
    __block uint64_t a = 0;
    chan(bool) done = beside(^{
        use((long)__atomic_load_n(&a, __ATOMIC_SEQ_CST));
    });
    a = 1;
    chan_recv(done);
}

CASE(RaceAtomicAddLoad)
{
    __block uint64_t a = 0;
    chan(bool) done = beside(^{
        __atomic_fetch_add(&a, 1, __ATOMIC_SEQ_CST);
    });
    use((long)a);
    chan_recv(done);
}

CASE(RaceAtomicAddStore)
{
    __block uint64_t a = 0;
    chan(bool) done = beside(^{
        __atomic_fetch_add(&a, 1, __ATOMIC_SEQ_CST);
    });
    a = 42;
    chan_recv(done);
}

static goc_waitgroup forks;

static void store(_Atomic int64_t *place, int64_t value)
{
    atomic_store(place, value);
}

static void fork_tree(_Atomic int64_t *bar, int depth)
{
    atomic_store(bar, 1);
    goc_defer goc_waitgroup_done(&forks);
    goc_defer free((void *)bar);
    goc_defer store(bar, 0);
    if (depth == 0)
        return;
    for (int i = 0; i < 2; i++) {
        _Atomic int64_t *fresh = calloc(1, sizeof *fresh);
        goc_waitgroup_add(&forks, 1);
        go fork_tree(fresh, depth - 1);
    }
}

CASE(NoRaceDeferAtomicStore)
{
    _Atomic int64_t *bar = calloc(1, sizeof *bar);
    goc_waitgroup_add(&forks, 1);
    fork_tree(bar, 8);
    goc_waitgroup_wait(&forks);
}
