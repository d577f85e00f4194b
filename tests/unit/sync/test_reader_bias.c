/* RWMutexes that are biased to a reader (sync/bias.h, sync/rwmutex.c). */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"
#include "sync/bias.h"
#include "sync/rwmutex.h"

#include <goc/sync.h>

enum { TURNS = 4000, PARTIES = 8 };

static goc_rwmutex rwmutex;
static goc_waitgroup all;
static long first_half;  /* rwmutex */
static long second_half; /* rwmutex: the same number */
static uint32_t inside;  // atomic: readers

static bool is_biased(void)
{
    return load_relaxed(&rwmutex.reader_bias) != 0;
}

static void read_often(int times)
{
    for (int i = 0; i < times; i++) {
        goc_rwmutex_rlock(&rwmutex);
        goc_rwmutex_runlock(&rwmutex);
    }
}

static void bias(void)
{
    goc_rwmutex_rlock(&rwmutex);
    goc__rwmutex_bias(&rwmutex);
    goc_rwmutex_runlock(&rwmutex);
    CHECK(is_biased());
}

static void who_keeps_reading_has_it(void)
{
    read_often(BIAS_EVERY);
    CHECK(!is_biased());
    read_often(2);
    CHECK(is_biased());
    read_often(TURNS);
    CHECK(is_biased());
    CHECK_EQ(rwmutex.reader_count, 0);
    goc_rwmutex_lock(&rwmutex);
    CHECK(!is_biased());
    goc_rwmutex_unlock(&rwmutex);
    read_often(1);
}

static void trylocks(void)
{
    bias();
    CHECK(goc_rwmutex_tryrlock(&rwmutex));
    CHECK(goc_rwmutex_tryrlock(&rwmutex));
    CHECK_EQ(rwmutex.reader_count, 0);
    CHECK(!goc_rwmutex_trylock(&rwmutex));
    CHECK_EQ(rwmutex.reader_count, 2);
    goc_rwmutex_runlock(&rwmutex);
    CHECK(!goc_rwmutex_trylock(&rwmutex));
    goc_rwmutex_runlock(&rwmutex);
    CHECK(goc_rwmutex_trylock(&rwmutex));
    CHECK(!goc_rwmutex_tryrlock(&rwmutex));
    goc_rwmutex_unlock(&rwmutex);
}

static void *runlock(void *unused)
{
    (void)unused;
    goc_rwmutex_runlock(&rwmutex);
    return NULL;
}

static void runlock_by_a_thread(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, runlock, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

/* What was read-locked by the bias may be unlocked by anybody, and the other way round. */
static void another_thread_unlocks(void)
{
    goc_rwmutex_rlock(&rwmutex);
    bias();
    goc_rwmutex_rlock(&rwmutex);
    goc_rwmutex_rlock(&rwmutex);
    CHECK_EQ(rwmutex.reader_count, 1);
    runlock_by_a_thread();
    CHECK_EQ(rwmutex.reader_count, 0);
    CHECK(is_biased());
    runlock_by_a_thread();
    CHECK(!is_biased());
    CHECK_EQ(rwmutex.reader_count, 1);
    CHECK(!goc_rwmutex_trylock(&rwmutex));
    goc_rwmutex_runlock(&rwmutex);
    CHECK(goc_rwmutex_trylock(&rwmutex));
}

static void runlock_of_unlocked(void)
{
    bias();
    goc_rwmutex_runlock(&rwmutex);
}

static void runlock_of_unlocked_elsewhere(void)
{
    bias();
    runlock_by_a_thread();
}

static void runlock_once_too_often(void)
{
    bias();
    goc_rwmutex_rlock(&rwmutex);
    goc_rwmutex_runlock(&rwmutex);
    goc_rwmutex_runlock(&rwmutex);
}

static void unlock_of_rlocked(void)
{
    bias();
    goc_rwmutex_rlock(&rwmutex);
    goc_rwmutex_unlock(&rwmutex);
}

static void lock_under_rlock(void)
{
    bias();
    goc_rwmutex_rlock(&rwmutex);
    goc_rwmutex_lock(&rwmutex);
}

static void write_all_the_time(void *argument)
{
    (void)argument;
    for (int i = 0; i < TURNS / 8; i++) {
        isolated_goes_on();
        if (i % 5 == 0) {
            while (!goc_rwmutex_trylock(&rwmutex))
                goc_yield();
        } else {
            goc_rwmutex_lock(&rwmutex);
        }
        CHECK_EQ(load_relaxed(&inside), 0);
        first_half++;
        if (i % 16 == 0)
            goc_yield();
        second_half++;
        goc_rwmutex_unlock(&rwmutex);
        for (int pause = 0; pause < 4; pause++)
            goc_yield();
    }
    goc_waitgroup_done(&all);
}

static void read_all_the_time(void *argument)
{
    (void)argument;
    for (int i = 0; i < TURNS; i++) {
        goc_rwmutex_rlock(&rwmutex);
        fetch_add_relaxed(&inside, 1);
        CHECK_EQ(first_half, second_half);
        if (i % 100 == 0)
            goc__rwmutex_bias(&rwmutex); /* more than a program would get */
        if (i % 64 == 0)
            goc_yield(); /* may go on elsewhere */
        CHECK_EQ(first_half, second_half);
        fetch_sub_relaxed(&inside, 1);
        goc_rwmutex_runlock(&rwmutex);
    }
    goc_waitgroup_done(&all);
}

static void writers_are_alone(void)
{
    bias();
    pthread_t threads[PARTIES / 2];
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES / 2; i++) {
        void (*party)(void *) = i % 4 == 0 ? write_all_the_time : read_all_the_time;
        threads[i] = party_thread(party, NULL);
        party_go(party, NULL);
    }
    goc_waitgroup_wait(&all);
    for (int i = 0; i < PARTIES / 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK_EQ(first_half, PARTIES / 4 * (TURNS / 8));
    CHECK(goc_rwmutex_trylock(&rwmutex));
    CHECK_EQ(rwmutex.reader_wait, 0);
}

/* Who reads gets the bias from who does so no more. */
static void *bias_it(void *unused)
{
    (void)unused;
    goc_yield(); /* the runtime knows it now */
    bias();
    return NULL;
}

static void a_bias_that_is_left(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, bias_it, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK(is_biased());
    read_often(3 * BIAS_EVERY);
    CHECK(is_biased());
    int before = rwmutex.reader_count;
    goc_rwmutex_rlock(&rwmutex);
    CHECK_EQ(rwmutex.reader_count, before);
    goc_rwmutex_runlock(&rwmutex);
}

static void memory_used_again(void)
{
    for (int i = 0; i < 50; i++) {
        memset(&rwmutex, 0, sizeof rwmutex);
        read_often(2 * BIAS_EVERY);
        goc_rwmutex_lock(&rwmutex);
        goc_rwmutex_unlock(&rwmutex);
        read_often(2 * BIAS_EVERY);
    }
}

static const struct isolated_case cases[] = {
    ISOLATED(who_keeps_reading_has_it),
    ISOLATED(trylocks),
    ISOLATED(another_thread_unlocks),
    ISOLATED_PANIC(runlock_of_unlocked, "fatal error: sync: RUnlock of unlocked RWMutex"),
    ISOLATED_PANIC(runlock_of_unlocked_elsewhere,
                   "fatal error: sync: RUnlock of unlocked RWMutex"),
    ISOLATED_PANIC(runlock_once_too_often,
                   "fatal error: sync: RUnlock of unlocked RWMutex"),
    ISOLATED_PANIC(unlock_of_rlocked, "fatal error: sync: Unlock of unlocked RWMutex"),
    ISOLATED_PANIC(lock_under_rlock, "goroutine 1 [sync.RWMutex.Lock]"),
    ISOLATED(writers_are_alone),
    ISOLATED(a_bias_that_is_left),
    ISOLATED(memory_used_again),
};

ISOLATED_MAIN(cases)
