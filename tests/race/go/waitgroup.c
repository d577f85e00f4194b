/* Go's waitgroup_test.go. */
#include "cases.h"

static goc_waitgroup wg;

static void write_in_goroutines(int count, int *x)
{
    for (int i = 0; i < count; i++) {
        goc_waitgroup_add(&wg, 1);
        go ^(int n) {
            *x = n;
            goc_waitgroup_done(&wg);
        }(i);
    }
    goc_waitgroup_wait(&wg);
}

CASE(NoRaceWaitGroup)
{
    int x = 0;
    write_in_goroutines(1, &x);
}

CASE(RaceWaitGroup)
{
    int x = 0;
    write_in_goroutines(2, &x);
}

CASE(NoRaceWaitGroup2)
{
    __block int x = 0;
    goc_waitgroup_add(&wg, 1);
    go ^{
        x = 1;
        goc_waitgroup_done(&wg);
    }();
    goc_waitgroup_wait(&wg);
    x = 2;
}

/* Between an add and a done nobody is kept out. */
CASE(RaceWaitGroupAsMutex)
{
    static struct barrier waited;
    __block int x = 0;
    void (^wait_and_write)(void) = ^{
        goc_waitgroup_wait(&wg);
        barrier_arrive(&waited);
        see(&waited, 2);
        goc_waitgroup_add(&wg, 1);
        x = 1;
        goc_waitgroup_done(&wg);
    };
    both(wait_and_write, wait_and_write);
}

/* The adds come too late: wait has returned. */
CASE(RaceWaitGroupWrongWait)
{
    static struct barrier waited;
    __block int x = 0;
    void (^add_and_write)(void) = ^{
        see(&waited, 1);
        goc_waitgroup_add(&wg, 1);
        goc_yield();
        x = 1;
        goc_waitgroup_done(&wg);
    };
    chan(bool) one = beside(add_and_write);
    chan(bool) two = beside(add_and_write);
    goc_waitgroup_wait(&wg);
    barrier_arrive(&waited);
    chan_recv(one);
    chan_recv(two);
}

/* Until COUNT wait: the waiters are the state's low half, which only the runtime changes. */
static void let_wait(uint32_t count)
{
    while ((uint32_t)__atomic_load_n(&wg.state, __ATOMIC_RELAXED) < count)
        goc_yield();
}

/* The first add is not ordered with the wait: it might as well have come too late. */
CASE(RaceWaitGroupWrongAdd)
{
    static struct barrier added;
    static struct barrier waiting;
    void (^add_and_done)(void) = ^{
        goc_waitgroup_add(&wg, 1);
        barrier_arrive(&added);
        let_wait(1);
        barrier_arrive(&waiting);
        see(&waiting, 2);
        goc_waitgroup_done(&wg);
    };
    chan(bool) one = beside(add_and_done);
    chan(bool) two = beside(add_and_done);
    see(&added, 2);
    goc_waitgroup_wait(&wg);
    chan_recv(one);
    chan_recv(two);
}

CASE(NoRaceWaitGroupMultipleWait)
{
    void (^wait)(void) = ^{
        goc_waitgroup_wait(&wg);
    };
    chan(bool) one = beside(wait);
    chan(bool) two = beside(wait);
    goc_waitgroup_wait(&wg);
    chan_recv(one);
    chan_recv(two);
}

CASE(NoRaceWaitGroupMultipleWait2)
{
    void (^done_and_wait)(void) = ^{
        goc_waitgroup_done(&wg);
        goc_waitgroup_wait(&wg);
    };
    goc_waitgroup_add(&wg, 2);
    chan(bool) one = beside(done_and_wait);
    chan(bool) two = beside(done_and_wait);
    goc_waitgroup_wait(&wg);
    chan_recv(one);
    chan_recv(two);
}

enum { PARTIES = 3 };

/* PARTIES goroutines count up, each its own element. */
static void count_up(int *data)
{
    goc_waitgroup_add(&wg, PARTIES);
    for (int p = 0; p < PARTIES; p++) {
        go ^(int own) {
            data[own]++;
            goc_waitgroup_done(&wg);
        }(p);
    }
}

static void count_all(int *data)
{
    for (int p = 0; p < PARTIES; p++)
        data[p]++;
}

CASE(NoRaceWaitGroupMultipleWait3)
{
    static int data[PARTIES];
    chan(bool) done[PARTIES];
    count_up(data);
    for (int p = 0; p < PARTIES; p++)
        done[p] = beside(^{
            goc_waitgroup_wait(&wg);
            for (int other = 0; other < PARTIES; other++)
                use(data[other]);
        });
    for (int p = 0; p < PARTIES; p++)
        chan_recv(done[p]);
}

CASE(RaceWaitGroup2)
{
    __block int x = 0;
    goc_waitgroup_add(&wg, 2);
    go ^{
        x = 1;
        goc_waitgroup_done(&wg);
    }();
    go ^{
        x = 2;
        goc_waitgroup_done(&wg);
    }();
    goc_waitgroup_wait(&wg);
}

static void write_recovered(int *x)
{
    CHECK_STR(goc_recover(), "sync: negative WaitGroup counter");
    *x = 2;
}

CASE(NoRaceWaitGroupPanicRecover)
{
    int x = 0;
    goc_defer write_recovered(&x);
    x = 1;
    goc_waitgroup_add(&wg, -1);
}

CASE(NoRaceWaitGroupPanicRecover2)
{
    __block int x = 0;
    chan(bool) done = chan_make(bool, 1);
    void (^write)(void) = ^{
        x = 2;
        chan_send(done, true);
    };
    go ^{
        goc_defer ^{
            CHECK_STR(goc_recover(), "sync: negative WaitGroup counter");
            go write();
        }();
        x = 1;
        goc_waitgroup_add(&wg, -1);
    }();
    chan_recv(done);
}

CASE(NoRaceWaitGroupTransitive)
{
    __block int x = 0;
    __block int y = 0;
    static struct barrier gate;
    goc_waitgroup_add(&wg, 2);
    go ^{
        x = 42;
        goc_waitgroup_done(&wg);
        barrier_arrive(&gate);
    }();
    go ^{
        see(&gate, 1);
        y = 42;
        goc_waitgroup_done(&wg);
    }();
    goc_waitgroup_wait(&wg);
    use(x);
    use(y);
}

CASE(NoRaceWaitGroupReuse)
{
    static int data[PARTIES];
    for (int round = 0; round < 3; round++) {
        count_up(data);
        goc_waitgroup_wait(&wg);
        count_all(data);
    }
}

CASE(NoRaceWaitGroupReuse2)
{
    static int data[PARTIES];
    for (int round = 0; round < 3; round++) {
        count_up(data);
        chan(bool) done = beside(^{
            goc_waitgroup_wait(&wg);
            count_all(data);
        });
        goc_waitgroup_wait(&wg);
        chan_recv(done);
        count_all(data);
    }
}

/* The wait of one round is not ordered with the first add of the next. */
CASE(RaceWaitGroupReuse)
{
    enum { ROUNDS = 3 };
    static struct barrier waited;
    static int data[ROUNDS][PARTIES];
    chan(bool) done[ROUNDS];
    for (unsigned round = 0; round < ROUNDS; round++) {
        goc_waitgroup_add(&wg, PARTIES);
        for (int p = 0; p < PARTIES; p++) {
            go ^(int own) {
                let_wait(1);
                data[round][own]++;
                see(&waited, round * (PARTIES + 1) + (unsigned)own);
                barrier_arrive(&waited);
                goc_waitgroup_done(&wg);
            }(p);
        }
        done[round] = beside(^{
            goc_waitgroup_wait(&wg);
            count_all(data[round]);
            barrier_arrive(&waited);
        });
        see(&waited, (round + 1) * (PARTIES + 1));
        goc_waitgroup_wait(&wg);
    }
    for (int round = 0; round < ROUNDS; round++)
        chan_recv(done[round]);
}

CASE(NoRaceWaitGroupConcurrentAdd)
{
    enum { COUNT = 4 };
    chan(bool) waiting = chan_make(bool, COUNT);
    for (int p = 0; p < COUNT; p++) {
        go ^{
            goc_waitgroup_add(&wg, 1);
            chan_send(waiting, true);
            goc_waitgroup_done(&wg);
        }();
    }
    for (int p = 0; p < COUNT; p++)
        chan_recv(waiting);
    goc_waitgroup_wait(&wg);
}
