/* goc_lock_os_thread: a goroutine and its thread. */
#include "base/atomic.h"
#include "isolated.h"
#include "os/thread.h"
#include "party.h"
#include "sched/sched.h"

#include <goc/chan.h>
#include <goc/go.h>
#include <goc/time.h>
#include <pthread.h>

enum { ROUNDS = 200, TURNS = 20, OTHERS = 20 };

static int finished;   // atomic
static int32_t mine;   // atomic: the thread of the locked goroutine, or 0
static int trespasses; // atomic

static void echo(void *argument)
{
    goc_chan *const *c = argument;
    int value;
    while (goc_chan_recv(c[0], &value))
        goc_chan_send(c[1], &value);
    fetch_add_release(&finished, 1);
}

/* Looks whose thread it is on. */
static void trespass(void *unused)
{
    (void)unused;
    while (load_acquire(&finished) == 0) {
        fetch_add_relaxed(&trespasses, goc__thread_id() == load_relaxed(&mine));
        goc_yield();
    }
}

static void ping(goc_chan *const *c)
{
    for (int i = 0; i < ROUNDS; i++) {
        int value = i;
        goc_chan_send(c[0], &value);
        CHECK(goc_chan_recv(c[1], &value));
        CHECK_EQ(value, i);
        goc_yield();
        CHECK_EQ(goc__thread_id(), load_relaxed(&mine));
    }
}

static void stays_on_its_thread(void)
{
    goc_chan *c[2] = {goc_chan_make(sizeof(int), 0), goc_chan_make(sizeof(int), 0)};
    goc_go(echo, (void *)c, sizeof c);
    goc_lock_os_thread();
    store_relaxed(&mine, goc__thread_id());
    for (int i = 0; i < OTHERS; i++)
        goc_go(trespass, NULL, 0);
    ping(c);
    goc_sleep(GOC_MILLISECOND); /* tidy: sleep, because its wait is what is tested */
    CHECK_EQ(goc__thread_id(), load_relaxed(&mine));
    CHECK_EQ(goc__m()->p == NULL, true);
    store_relaxed(&mine, 0);
    goc_unlock_os_thread();
    CHECK_EQ(goc__m()->p == NULL, false);
    goc_chan_close(c[0]);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    CHECK_EQ(load_relaxed(&trespasses), 0);
}

static void nests(void)
{
    goc_unlock_os_thread(); /* nothing is locked */
    goc_lock_os_thread();
    goc_lock_os_thread();
    goc_unlock_os_thread();
    CHECK(goc__is_thread(goc__self()));
    goc_unlock_os_thread();
    CHECK(!goc__is_thread(goc__self()));
    goc_unlock_os_thread();
    CHECK(!goc__is_thread(goc__self()));
}

static void come_and_go(void *unused)
{
    (void)unused;
    for (int i = 0; i < TURNS; i++) {
        goc_lock_os_thread();
        int32_t thread = goc__thread_id();
        goc_yield();
        CHECK_EQ(goc__thread_id(), thread);
        goc_unlock_os_thread();
        goc_yield();
    }
    fetch_add_release(&finished, 1);
}

static void many_come_and_go(void)
{
    for (int i = 0; i < OTHERS; i++)
        goc_go(come_and_go, NULL, 0);
    PARTY_UNTIL(load_acquire(&finished) == OTHERS);
    PARTY_UNTIL(goc_num_goroutine() == 1);
}

static pthread_key_t key;

static void at_thread_end(void *unused)
{
    (void)unused;
    fetch_add_release(&finished, 1);
}

static void lock_and_end(void *by_exit)
{
    goc_lock_os_thread();
    CHECK_EQ(pthread_setspecific(key, &key), 0);
    if (*(bool *)by_exit)
        goc_exit();
}

/* Started by one that is locked itself, so that none has the process's first thread. */
static void its_end_ends_the_thread(void)
{
    CHECK_EQ(pthread_key_create(&key, at_thread_end), 0);
    goc_lock_os_thread();
    for (int i = 0; i < OTHERS; i++) {
        bool by_exit = i % 2;
        goc_go(lock_and_end, &by_exit, sizeof by_exit);
    }
    while (load_acquire(&finished) < OTHERS)
        goc_yield();
    goc_unlock_os_thread();
    PARTY_UNTIL(goc_num_goroutine() == 1);
}

static void wait_for_ever(void *c)
{
    goc_chan_recv(c, NULL);
}

static void all_asleep_is_noticed(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 0);
    party_go(wait_for_ever, c);
    goc_lock_os_thread();
    goc_chan_recv(c, NULL);
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(stays_on_its_thread),
        ISOLATED(nests),
        ISOLATED(many_come_and_go),
        ISOLATED(its_end_ends_the_thread),
        ISOLATED_PANIC(all_asleep_is_noticed, "all goroutines are asleep - deadlock!"),
        ISOLATED_PANIC(all_asleep_is_noticed, "[chan receive, locked to thread]"),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
