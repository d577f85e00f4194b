/* RWMutex: readers together, writers alone, and neither waits for ever. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <goc/sync.h>

enum { PARTIES = 8, EACH = 2000 };

static goc_rwmutex rwmutex;
static goc_waitgroup all;
static long first_half;  /* rwmutex */
static long second_half; /* rwmutex: the same number */
static uint32_t inside;  // atomic: readers

static void write_often(void *argument)
{
    (void)argument;
    for (int i = 0; i < EACH; i++) {
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
    }
    goc_waitgroup_done(&all);
}

static void read_often(void *argument)
{
    (void)argument;
    for (int i = 0; i < EACH; i++) {
        if (i % 5 == 0) {
            while (!goc_rwmutex_tryrlock(&rwmutex))
                goc_yield();
        } else {
            goc_rwmutex_rlock(&rwmutex);
        }
        fetch_add_relaxed(&inside, 1);
        CHECK_EQ(first_half, second_half);
        if (i % 16 == 0)
            goc_yield();
        CHECK_EQ(first_half, second_half);
        fetch_sub_relaxed(&inside, 1);
        goc_rwmutex_runlock(&rwmutex);
    }
    goc_waitgroup_done(&all);
}

static void writers_are_alone(void)
{
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES; i++)
        party_go(i % 4 == 0 ? write_often : read_often, NULL);
    goc_waitgroup_wait(&all);
    CHECK_EQ(first_half, PARTIES / 4 * EACH);
    CHECK_EQ(rwmutex.reader_count, 0);
    CHECK_EQ(rwmutex.reader_wait, 0);
}

static void writers_are_alone_among_threads(void)
{
    pthread_t threads[PARTIES];
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES; i++)
        threads[i] = party_thread(i % 4 == 0 ? write_often : read_often, NULL);
    goc_waitgroup_wait(&all);
    for (int i = 0; i < PARTIES; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK_EQ(first_half, PARTIES / 4 * EACH);
}

static void meet_inside(void *argument)
{
    (void)argument;
    goc_rwmutex_rlock(&rwmutex);
    fetch_add_relaxed(&inside, 1);
    PARTY_UNTIL(load_relaxed(&inside) == PARTIES);
    goc_rwmutex_runlock(&rwmutex);
    goc_waitgroup_done(&all);
}

static void readers_are_together(void)
{
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES; i++)
        party_go(meet_inside, NULL);
    goc_waitgroup_wait(&all);
}

static uint32_t written; // atomic

static void write_once(void *argument)
{
    (void)argument;
    goc_rwmutex_lock(&rwmutex);
    store_relaxed(&written, 1);
    goc_rwmutex_unlock(&rwmutex);
    goc_waitgroup_done(&all);
}

static void read_after_writer(void *argument)
{
    (void)argument;
    goc_rwmutex_rlock(&rwmutex);
    CHECK_EQ(load_relaxed(&written), 1);
    goc_rwmutex_runlock(&rwmutex);
    goc_waitgroup_done(&all);
}

/* A reader that comes while a writer waits is let in after the writer. */
static void a_waiting_writer_goes_first(void)
{
    goc_rwmutex_rlock(&rwmutex);
    goc_waitgroup_add(&all, 2);
    party_go(write_once, NULL);
    PARTY_UNTIL(load_relaxed(&rwmutex.reader_count) < 0);
    CHECK(!goc_rwmutex_tryrlock(&rwmutex));
    CHECK(!goc_rwmutex_trylock(&rwmutex));
    party_go(read_after_writer, NULL);
    CHECK_EQ(load_relaxed(&written), 0);
    goc_rwmutex_runlock(&rwmutex);
    goc_waitgroup_wait(&all);
}

static void trylock_says_no(void)
{
    CHECK(goc_rwmutex_tryrlock(&rwmutex));
    CHECK(goc_rwmutex_tryrlock(&rwmutex));
    CHECK(!goc_rwmutex_trylock(&rwmutex));
    goc_rwmutex_runlock(&rwmutex);
    goc_rwmutex_runlock(&rwmutex);
    CHECK(goc_rwmutex_trylock(&rwmutex));
    CHECK(!goc_rwmutex_tryrlock(&rwmutex));
    CHECK(!goc_rwmutex_trylock(&rwmutex));
    goc_rwmutex_unlock(&rwmutex);
}

static void runlock_of_unlocked(void)
{
    goc_rwmutex_runlock(&rwmutex);
}

static void unlock_of_unlocked(void)
{
    goc_rwmutex_unlock(&rwmutex);
}

static void unlock_of_rlocked(void)
{
    goc_rwmutex_rlock(&rwmutex);
    goc_rwmutex_unlock(&rwmutex);
}

static void rlock_under_lock(void)
{
    goc_rwmutex_lock(&rwmutex);
    goc_rwmutex_rlock(&rwmutex);
}

static void lock_under_rlock(void)
{
    goc_rwmutex_rlock(&rwmutex);
    goc_rwmutex_lock(&rwmutex);
}

static const struct isolated_case cases[] = {
    ISOLATED(writers_are_alone),
    ISOLATED(writers_are_alone_among_threads),
    ISOLATED(readers_are_together),
    ISOLATED(a_waiting_writer_goes_first),
    ISOLATED(trylock_says_no),
    ISOLATED_PANIC(runlock_of_unlocked, "fatal error: sync: RUnlock of unlocked RWMutex"),
    ISOLATED_PANIC(unlock_of_unlocked, "fatal error: sync: Unlock of unlocked RWMutex"),
    ISOLATED_PANIC(unlock_of_rlocked, "fatal error: sync: Unlock of unlocked RWMutex"),
    ISOLATED_PANIC(rlock_under_lock, "goroutine 1 [sync.RWMutex.RLock]"),
    ISOLATED_PANIC(lock_under_rlock, "goroutine 1 [sync.RWMutex.Lock]"),
};

ISOLATED_MAIN(cases)
