/* Bubbles on two Ps: wait sees the others blocked and what they wrote, the clock jumps only when
 * all are, and a run ends with the last.  Random schedules; the real clock must not be needed. */
#include "model.h"

#include <goc/chan.h>
#include <goc/go.h>
#include <goc/sync.h>
#include <goc/synctest.h>
#include <goc/time.h>

static goc_chan *c;
static int written; /* plain: wait and run order it */

/* Sleep in a bubble. */
static void pass(goc_duration d)
{
    goc_sleep(d); /* tidy: sleep, because the clock is the bubble's */
}

static void write_and_block(void *unused)
{
    (void)unused;
    written = 1;
    MODEL_CHECK(!goc_chan_recv(c, NULL));
    written = 2;
}

static void wait_twice(void *unused)
{
    (void)unused;
    c = goc_chan_make(0, 0);
    goc_go(write_and_block, NULL, 0);
    goc_synctest_wait();
    MODEL_CHECK(written == 1);
    goc_chan_close(c);
    goc_synctest_wait();
    MODEL_CHECK(written == 2);
    goc_chan_free(c);
}

static void wait_sees_the_blocked(void)
{
    goc_synctest_run(wait_twice, NULL);
    MODEL_CHECK(written == 2);
    MODEL_CHECK(model_time_jumps() == 0);
}

static void sleep_and_send(void *unused)
{
    (void)unused;
    pass(GOC_HOUR);
    MODEL_CHECK(goc_now() == GOC_HOUR);
    goc_chan_send(c, NULL);
}

static void drain(void *unused)
{
    (void)unused;
    c = goc_chan_make(0, 2);
    goc_go(sleep_and_send, NULL, 0);
    goc_go(sleep_and_send, NULL, 0);
    pass(GOC_MINUTE);
    MODEL_CHECK(goc_now() == GOC_MINUTE);
    MODEL_CHECK(goc_chan_recv(c, NULL));
    MODEL_CHECK(goc_chan_recv(c, NULL));
    MODEL_CHECK(goc_now() == GOC_HOUR);
    goc_chan_free(c);
}

static void the_clock_jumps(void)
{
    goc_synctest_run(drain, NULL);
    MODEL_CHECK(model_time_jumps() == 0);
}

/* One member waits for a mutex of theirs: nobody sees the bubble at rest before it has it. */
static goc_mutex mutex;

static void lock_and_write(void *unused)
{
    (void)unused;
    goc_mutex_lock(&mutex);
    written++;
    goc_mutex_unlock(&mutex);
}

static void two_lock(void *unused)
{
    goc_go(lock_and_write, NULL, 0);
    goc_go(lock_and_write, NULL, 0);
    lock_and_write(unused);
    goc_synctest_wait();
    MODEL_CHECK(written == 3);
}

static void a_mutex_is_no_rest(void)
{
    written = 0;
    goc_synctest_run(two_lock, NULL);
    MODEL_CHECK(model_time_jumps() == 0);
}

static goc_waitgroup both;

static void add_and_done(void *unused)
{
    (void)unused;
    goc_waitgroup_add(&both, 1);
    goc_waitgroup_done(&both);
}

/* Whichever member adds first makes it the bubble's, and the others see that. */
static void two_add(void *unused)
{
    goc_go(add_and_done, NULL, 0);
    goc_go(add_and_done, NULL, 0);
    add_and_done(unused);
    goc_synctest_wait();
    goc_waitgroup_wait(&both);
}

static void a_waitgroup_of_members(void)
{
    goc_synctest_run(two_add, NULL);
    MODEL_CHECK(model_time_jumps() == 0);
}

static goc_waitgroup group;

static void sleep_twice(void *unused)
{
    (void)unused;
    pass(GOC_MINUTE);
    pass(GOC_MINUTE);
    MODEL_CHECK(goc_now() == 2 * GOC_MINUTE);
}

static void run_one(void *unused)
{
    goc_synctest_run(sleep_twice, unused);
    goc_waitgroup_done(&group);
}

static void two_at_once(void)
{
    goc_waitgroup_add(&group, 1);
    goc_go(run_one, NULL, 0);
    goc_synctest_run(sleep_twice, NULL);
    goc_waitgroup_wait(&group);
    MODEL_CHECK(model_time_jumps() == 0);
}

int main(void)
{
    model_random("bubble: wait", wait_sees_the_blocked, 5, 3000);
    model_random("bubble: time", the_clock_jumps, 5, 3000);
    model_random("bubble: mutex", a_mutex_is_no_rest, 5, 2000);
    model_random("bubble: waitgroup", a_waitgroup_of_members, 5, 3000);
    model_random("bubble: two", two_at_once, 5, 2000);
}
