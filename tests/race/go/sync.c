/* Go's sync_test.go: condition variables, timers that call, goroutines that start others. */
#include "cases.h"

static goc_mutex mutex;
static goc_cond changed = GOC_COND_INIT(&mutex);
static bool condition;

static void signal_condition(void)
{
    goc_mutex_lock(&mutex);
    condition = true;
    goc_cond_signal(&changed);
    goc_mutex_unlock(&mutex);
}

static void wait_for_condition(void)
{
    goc_mutex_lock(&mutex);
    while (!condition)
        goc_cond_wait(&changed);
    goc_mutex_unlock(&mutex);
}

CASE(NoRaceCond)
{
    __block int x = 0;
    go ^{
        x = 1;
        signal_condition();
    }();
    wait_for_condition();
    x = 2;
}

/* The lock of the second write comes after the wait: it orders nothing that follows there. */
CASE(RaceCond)
{
    static struct barrier waited;
    __block int x = 0;
    chan(bool) done = beside(^{
        x = 1;
        signal_condition();
        see(&waited, 1);
        goc_mutex_lock(&mutex);
        x = 3;
        goc_mutex_unlock(&mutex);
    });
    wait_for_condition();
    barrier_arrive(&waited);
    x = 2;
    chan_recv(done);
}

static int announced;
static goc_waitgroup announcers;

static void write_once(void)
{
    announced = 1;
    goc_waitgroup_done(&announcers);
}

static void start_two(void)
{
    for (int i = 0; i < 2; i++) {
        goc_waitgroup_add(&announcers, 1);
        go write_once();
    }
    goc_waitgroup_done(&announcers);
}

static void start_three(void)
{
    announced = 1;
    goc_waitgroup_add(&announcers, 2);
    go start_two();
    go ^{
        write_once();
    }();
    announced = 2;
    goc_waitgroup_done(&announcers);
}

static void start_all(void)
{
    announced = 1;
    announced = 2;
    goc_waitgroup_add(&announcers, 1);
    go start_three();
    goc_waitgroup_done(&announcers);
}

CASE(RaceAnnounceThreads)
{
    goc_waitgroup_add(&announcers, 1);
    go start_all();
    goc_waitgroup_wait(&announcers);
    use(announced);
}

struct countdown {
    int left;
    chan(bool) over;
};

static void count_down(void *argument)
{
    struct countdown *countdown = argument;
    if (--countdown->left >= 0)
        goc_timer_func(0, count_down, countdown);
    else
        chan_send(countdown->over, true);
}

CASE(NoRaceAfterFunc1)
{
    struct countdown countdown = {2, chan_make(bool, 0)};
    goc_timer_func(0, count_down, &countdown);
    chan_recv(countdown.over);
}

static void write_one(void *place)
{
    *(int *)place = 1;
}

CASE(NoRaceAfterFunc2)
{
    static int x;
    goc_timer *timer = goc_timer_func(10, write_one, &x);
    goc_defer goc_timer_stop(timer);
}

static chan(bool) fired;
static int written;

static void write_and_send(void *value)
{
    written = *(const int *)value;
    chan_send(fired, true);
}

CASE(NoRaceAfterFunc3)
{
    static int one = 1;
    fired = chan_make(bool, 1);
    goc_timer_func(GOC_MILLISECOND, write_and_send, &one);
    chan_recv(fired);
    use(written);
}

CASE(RaceAfterFunc3)
{
    static int one = 1;
    static int two = 2;
    fired = chan_make(bool, 2);
    goc_timer_func(GOC_MILLISECOND, write_and_send, &one);
    goc_timer_func(2 * GOC_MILLISECOND, write_and_send, &two);
    chan_recv(fired);
    chan_recv(fired);
    use(written);
}

CASE(RaceGoroutineCreationStack)
{
    __block int x = 0;
    chan(bool) done = chan_make(bool, 1);
    void (^write)(void) = ^{
        x = 1;
        chan_send(done, true);
    };
    go ^{
        go ^{
            go ^{
                go write();
            }();
        }();
    }();
    x = 2;
    chan_recv(done);
}
