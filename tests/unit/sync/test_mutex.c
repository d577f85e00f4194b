/* Mutex: exclusion, hand-over to the starving, misuse, and memory that goes with it. */
#include "base/atomic.h"
#include "counted.h"
#include "isolated.h"
#include "party.h"

#include <goc/sync.h>
#include <goc/time.h>

/* Fewer where threads take part: one that yields while it holds the mutex comes back when the
 * machine has a CPU for it. */
enum { PARTIES = 8, EACH = 5000, EACH_AMONG_THREADS = 500 };

static goc_mutex mutex;
static int each = EACH; /* const once the parties run */
static long counter;    /* mutex */
static goc_waitgroup all;

static void count(void *argument)
{
    (void)argument;
    for (int i = 0; i < each; i++) {
        if (i % 3 == 0) {
            while (!goc_mutex_trylock(&mutex))
                goc_yield();
        } else {
            goc_mutex_lock(&mutex);
        }
        long seen = counter;
        if (i % 16 == 0)
            goc_yield(); /* others come while it is held */
        counter = seen + 1;
        goc_mutex_unlock(&mutex);
    }
    goc_waitgroup_done(&all);
}

static void one_at_a_time(void)
{
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES; i++)
        party_go(count, NULL);
    goc_waitgroup_wait(&all);
    CHECK_EQ(counter, PARTIES * EACH);
    CHECK(goc_mutex_trylock(&mutex));
    CHECK_EQ(mutex.sema, 0);
}

static void one_at_a_time_among_threads(void)
{
    pthread_t threads[PARTIES / 2];
    each = EACH_AMONG_THREADS;
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES / 2; i++) {
        threads[i] = party_thread(count, NULL);
        party_go(count, NULL);
    }
    goc_waitgroup_wait(&all);
    for (int i = 0; i < PARTIES / 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK_EQ(counter, PARTIES * each);
    CHECK(goc_mutex_trylock(&mutex));
}

static void trylock_says_no(void)
{
    CHECK(goc_mutex_trylock(&mutex));
    CHECK(!goc_mutex_trylock(&mutex));
    goc_mutex_unlock(&mutex);
    CHECK(goc_mutex_trylock(&mutex));
    goc_mutex_unlock(&mutex);
}

static void unlock_of_unlocked(void)
{
    goc_mutex_unlock(&mutex);
}

static void unlock_twice(void)
{
    goc_mutex_lock(&mutex);
    goc_mutex_unlock(&mutex);
    goc_mutex_unlock(&mutex);
}

static void lock_twice(void)
{
    goc_mutex_lock(&mutex);
    goc_mutex_lock(&mutex);
}

/* One goroutine holds the mutex most of the time and takes it again at once; the other
 * still gets it, because a waiter that starves is handed it. */
static uint32_t hogging; // atomic

static void hog(void *argument)
{
    (void)argument;
    while (load_acquire(&hogging)) {
        goc_mutex_lock(&mutex);
        goc_time until = goc_now() + 100 * GOC_MICROSECOND;
        while (goc_now() < until)
            goc_yield();
        goc_mutex_unlock(&mutex);
    }
    goc_waitgroup_done(&all);
}

static void nobody_starves(void)
{
    goc_waitgroup_add(&all, 1);
    store_release(&hogging, 1);
    party_go(hog, NULL);
    for (int i = 0; i < 20; i++) {
        goc_mutex_lock(&mutex);
        goc_mutex_unlock(&mutex);
        goc_yield();
    }
    store_release(&hogging, 0);
    goc_waitgroup_wait(&all);
}

static void the_last_one_frees_it(void)
{
    for (int i = 0; i < 2000; i++) {
        struct counted *object = counted_new(4, &all);
        for (int party = 0; party < 3; party++)
            party_go(counted_let_go, object);
        counted_let_go(object);
        goc_waitgroup_wait(&all);
    }
}

static const struct isolated_case cases[] = {
    ISOLATED(one_at_a_time),
    ISOLATED(one_at_a_time_among_threads),
    ISOLATED(trylock_says_no),
    ISOLATED_PANIC(unlock_of_unlocked, "fatal error: sync: unlock of unlocked mutex"),
    ISOLATED_PANIC(unlock_twice, "fatal error: sync: unlock of unlocked mutex"),
    ISOLATED_PANIC(lock_twice, "goroutine 1 [sync.Mutex.Lock]"),
    ISOLATED(nobody_starves),
    ISOLATED(the_last_one_frees_it),
};

ISOLATED_MAIN(cases)
