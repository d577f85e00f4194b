/* The monitor sleeps while all Ps are idle, and is awake again before anything needs it. */
#define ISOLATED_PROCS "1", "2" /* each case waits until it sleeps */

#include "base/atomic.h"
#include "isolated.h"
#include "party.h"
#include "sched/monitor.h"

#include <goc/chan.h>
#include <unistd.h>

enum { PAUSE_US = 1000 };

static goc_chan *chan;
static int pipes[2];
static int ended[2];
static int about_to_wait; // atomic

static void write_pipe(void *unused)
{
    (void)unused;
    CHECK_EQ(write(pipes[1], "", 1), 1);
}

/* Blocks its thread for what another goroutine will write. */
static void read_after_recv(void *unused)
{
    (void)unused;
    char byte;
    store_relaxed(&about_to_wait, 1);
    goc_chan_recv(chan, NULL);
    party_go(write_pipe, NULL);
    CHECK_EQ(read(pipes[0], &byte, 1), 1);
    CHECK_EQ(write(ended[1], "", 1), 1);
}

static void until_it_sleeps(void)
{
    while (load_relaxed(&goc__monitor_sleeps) == 0)
        usleep(PAUSE_US); /* tidy: sleep, because the monitor sleeps after a while */
}

static void send_once_it_sleeps(void *unused)
{
    (void)unused;
    until_it_sleeps();
    goc_chan_send(chan, NULL);
}

/* With one P, the only M is outside of the runtime: the thread that sends starts a new one. */
static void a_new_thread_wakes_it(void)
{
    char byte;
    CHECK_EQ(pipe(pipes), 0);
    CHECK_EQ(pipe(ended), 0);
    chan = goc_chan_make(0, 0);
    pthread_t thread = party_thread(send_once_it_sleeps, NULL);
    party_go(read_after_recv, NULL);
    PARTY_UNTIL(load_relaxed(&about_to_wait) == 1);
    CHECK_EQ(read(ended[0], &byte, 1), 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

/* The goroutine's thread takes an idle P by itself. */
static void a_thread_that_is_unlocked_wakes_it(void)
{
    char byte;
    CHECK_EQ(pipe(pipes), 0);
    goc_lock_os_thread();
    until_it_sleeps();
    goc_unlock_os_thread();
    party_go(write_pipe, NULL);
    CHECK_EQ(read(pipes[0], &byte, 1), 1);
}

static const struct isolated_case cases[] = {
    ISOLATED(a_new_thread_wakes_it),
    ISOLATED(a_thread_that_is_unlocked_wakes_it),
};

ISOLATED_MAIN(cases)
