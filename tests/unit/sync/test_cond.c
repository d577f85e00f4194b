/* Cond: signal in the order of waiting, broadcast, and no wake-up is lost. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <errno.h>
#include <goc/chan.h>
#include <goc/sync.h>

enum { PARTIES = 8, EACH = 2000, QUEUE_MAX = 3 };

static goc_mutex mutex;
static goc_cond cond = GOC_COND_INIT(&mutex);
static goc_waitgroup all;
static int waiting; /* mutex */
static goc_chan *woken;

static void wait_once(void *argument)
{
    goc_mutex_lock(&mutex);
    waiting++;
    goc_cond_wait(&cond);
    goc_mutex_unlock(&mutex);
    goc_chan_send(woken, argument);
}

static int waiting_now(void)
{
    goc_mutex_lock(&mutex); /* whoever counts as waiting waits, for the mutex is free */
    int now = waiting;
    goc_mutex_unlock(&mutex);
    return now;
}

static void start_waiters(int *numbers)
{
    woken = goc_chan_make(sizeof(int), PARTIES);
    for (int i = 0; i < PARTIES; i++) {
        numbers[i] = i;
        party_go(wait_once, &numbers[i]);
        PARTY_UNTIL(waiting_now() == i + 1);
    }
}

static void signal_wakes_the_oldest(void)
{
    int numbers[PARTIES];
    goc_cond_signal(&cond); /* nobody waits: nothing happens */
    start_waiters(numbers);
    for (int i = 0; i < PARTIES; i++) {
        goc_cond_signal(&cond);
        int number;
        CHECK(goc_chan_recv(woken, &number));
        CHECK_EQ(number, i);
    }
    goc_chan_free(woken);
}

static void broadcast_wakes_all(void)
{
    int numbers[PARTIES];
    goc_cond_broadcast(&cond);
    start_waiters(numbers);
    goc_mutex_lock(&mutex);
    goc_cond_broadcast(&cond);
    goc_mutex_unlock(&mutex);
    for (int i = 0; i < PARTIES; i++)
        CHECK(goc_chan_recv(woken, NULL));
    goc_chan_free(woken);
}

static goc_cond not_empty = GOC_COND_INIT(&mutex);
static goc_cond not_full = GOC_COND_INIT(&mutex);
static int queued;  /* mutex */
static long put_in; /* mutex */
static long taken;  /* mutex */

static void put(void *argument)
{
    (void)argument;
    for (int i = 0; i < EACH; i++) {
        goc_mutex_lock(&mutex);
        while (queued == QUEUE_MAX)
            goc_cond_wait(&not_full);
        queued++;
        put_in++;
        goc_cond_signal(&not_empty);
        goc_mutex_unlock(&mutex);
    }
    goc_waitgroup_done(&all);
}

static void take(void *argument)
{
    (void)argument;
    for (int i = 0; i < EACH; i++) {
        goc_mutex_lock(&mutex);
        while (queued == 0)
            goc_cond_wait(&not_empty);
        queued--;
        taken++;
        goc_mutex_unlock(&mutex);
        goc_cond_signal(&not_full); /* without the mutex, as one may */
    }
    goc_waitgroup_done(&all);
}

static void no_wake_up_is_lost(void)
{
    pthread_t threads[PARTIES];
    goc_waitgroup_add(&all, 2 * PARTIES);
    for (int i = 0; i < PARTIES; i++) {
        party_go(i % 2 ? put : take, NULL);
        threads[i] = party_thread(i % 2 ? take : put, NULL);
    }
    goc_waitgroup_wait(&all);
    for (int i = 0; i < PARTIES; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK_EQ(put_in, PARTIES * EACH);
    CHECK_EQ(taken, PARTIES * EACH);
}

static void wait_for_nobody(void)
{
    goc_mutex_lock(&mutex);
    goc_cond_wait(&cond);
}

static void wait_without_the_mutex(void)
{
    goc_cond_wait(&cond);
}

static void copied(void)
{
    goc_cond_signal(&cond);
    goc_cond copy = cond;
    goc_cond_wait(&copy);
}

static void copied_before_its_use(void)
{
    goc_cond copy = cond; /* as in Go, nobody minds */
    goc_cond_signal(&copy);
    goc_cond_signal(&cond);
}

static void wait_until_the_time_is_up(void)
{
    goc_mutex_lock(&mutex);
    CHECK_EQ(goc_cond_wait_until(&cond, 0), -ETIMEDOUT);
    goc_time soon = goc_now() + 2 * GOC_MILLISECOND;
    CHECK_EQ(goc_cond_wait_until(&cond, soon), -ETIMEDOUT);
    CHECK(goc_now() >= soon);
    CHECK(!goc_mutex_trylock(&mutex));
    CHECK(cond.head == NULL);
    CHECK(cond.tail == NULL);
    goc_mutex_unlock(&mutex);
}

static void wait_a_moment(void *argument)
{
    goc_duration moment = *(const int *)argument * GOC_MICROSECOND;
    goc_mutex_lock(&mutex);
    waiting++;
    goc_cond_wait_until(&cond, goc_now() + moment);
    waiting--;
    goc_mutex_unlock(&mutex);
    goc_waitgroup_done(&all);
}

/* Waiters leave from everywhere in the queue, and each signal finds one that still waits. */
static void signals_against_deadlines(void)
{
    enum { WAITERS = 60 };
    int moments[WAITERS];
    for (int round = 0; round < 20; round++) {
        goc_waitgroup_add(&all, WAITERS);
        for (int i = 0; i < WAITERS; i++) {
            moments[i] = i * 37 % 100;
            party_go(wait_a_moment, &moments[i]);
        }
        for (int i = 0; i < WAITERS; i++) {
            goc_cond_signal(&cond);
            goc_yield();
        }
        goc_waitgroup_wait(&all);
        CHECK_EQ(waiting, 0);
        CHECK(cond.head == NULL);
        CHECK(cond.tail == NULL);
    }
}

static const struct isolated_case cases[] = {
    ISOLATED_PANIC(copied, "panic: sync.Cond is copied"),
    ISOLATED(copied_before_its_use),
    ISOLATED(wait_until_the_time_is_up),
    ISOLATED(signals_against_deadlines),
    ISOLATED(signal_wakes_the_oldest),
    ISOLATED(broadcast_wakes_all),
    ISOLATED(no_wake_up_is_lost),
    ISOLATED_PANIC(wait_for_nobody, "goroutine 1 [sync.Cond.Wait]"),
    ISOLATED_PANIC(wait_without_the_mutex, "fatal error: sync: unlock of unlocked mutex"),
};

ISOLATED_MAIN(cases)
