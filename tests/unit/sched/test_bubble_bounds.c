/* What belongs to a bubble is for its members; and the ways in which a run goes wrong. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <goc/chan.h>
#include <goc/select.h>
#include <goc/sync.h>
#include <goc/synctest.h>
#include <goc/time.h>

static int counted; // atomic

/* ---- isolation ------------------------------------------------------------------------- */

static goc_chan *inside;
static goc_timer *inside_timer;
static goc_ticker *inside_ticker;
static goc_waitgroup shared_group;
static goc_mutex shared_mutex;
static goc_cond shared_cond = {.mutex = &shared_mutex};

static void make_things(void *unused)
{
    (void)unused;
    inside = goc_chan_make(0, 1);
    inside_timer = goc_timer_new(GOC_HOUR);
    inside_ticker = goc_ticker_new(GOC_HOUR);
}

static void send_from_outside(void)
{
    goc_synctest_run(make_things, NULL);
    goc_chan_send(inside, NULL);
}

static void recv_in_another(void *unused)
{
    (void)unused;
    goc_chan_recv_until(inside, NULL, GOC_HOUR);
}

static void receive_in_another_bubble(void)
{
    goc_synctest_run(make_things, NULL);
    goc_synctest_run(recv_in_another, NULL);
}

static void close_from_outside(void)
{
    goc_synctest_run(make_things, NULL);
    goc_chan_close(inside);
}

static void select_from_outside(void)
{
    goc_synctest_run(make_things, NULL);
    goc_chan *outside = goc_chan_make(0, 1);
    struct goc_select_case arms[] = {
        {.chan = outside, .op = GOC_SELECT_SEND},
        {.chan = inside, .op = GOC_SELECT_RECV},
    };
    goc_select(arms, 2, true);
}

static void try_from_outside(void)
{
    goc_synctest_run(make_things, NULL);
    struct goc_select_case arm = {.chan = inside, .op = GOC_SELECT_RECV};
    goc_select(&arm, 1, true);
}

static void stop_from_outside(void)
{
    goc_synctest_run(make_things, NULL);
    goc_timer_stop(inside_timer);
}

static void reset_from_outside(void)
{
    goc_synctest_run(make_things, NULL);
    goc_ticker_reset(inside_ticker, GOC_SECOND);
}

static void free_from_outside(void)
{
    goc_synctest_run(make_things, NULL);
    CHECK_EQ(goc_chan_len(inside), 0);
    goc_chan_free(inside);
    goc_timer_free(inside_timer);
    goc_ticker_free(inside_ticker);
}

static void add_one(void *unused)
{
    (void)unused;
    goc_waitgroup_add(&shared_group, 1);
}

static void add_and_done(void *unused)
{
    add_one(unused);
    goc_waitgroup_done(&shared_group);
}

static void group_moved_in(void)
{
    add_one(NULL);
    goc_synctest_run(add_one, NULL);
}

static void group_moved_out(void)
{
    goc_synctest_run(add_one, NULL);
    add_one(NULL);
}

static void group_done_from_outside(void)
{
    goc_synctest_run(add_one, NULL);
    goc_waitgroup_done(&shared_group);
}

static void group_in_two_bubbles(void)
{
    goc_synctest_run(add_one, NULL);
    goc_synctest_run(add_one, NULL);
}

static void group_used_again_elsewhere(void)
{
    goc_synctest_run(add_and_done, NULL);
    add_and_done(NULL);
    goc_synctest_run(add_and_done, NULL);
    goc_waitgroup_wait(&shared_group);
}

static void wait_on_cond(void *unused)
{
    (void)unused;
    goc_chan *never = goc_chan_make(0, 0);
    (void)never;
    goc_mutex_lock(&shared_mutex);
    store_release(&counted, 1);
    goc_cond_wait(&shared_cond);
    goc_mutex_unlock(&shared_mutex);
}

static void stay_busy(void *unused)
{
    party_go(wait_on_cond, unused);
    for (;;)
        goc_yield();
}

static void run_busy(void *unused)
{
    goc_synctest_run(stay_busy, unused);
}

static void signal_from_outside(void)
{
    party_go(run_busy, NULL);
    PARTY_UNTIL(load_acquire(&counted) == 1);
    goc_mutex_lock(&shared_mutex);
    goc_cond_signal(&shared_cond);
    goc_mutex_unlock(&shared_mutex);
}

/* ---- how a run ends, and misuse -------------------------------------------------------- */

static void for_ever(void *unused)
{
    (void)unused;
    goc_chan_recv(NULL, NULL);
}

static void all_blocked(void)
{
    goc_synctest_run(for_ever, NULL);
}

static void leave_one_blocked(void *unused)
{
    party_go(for_ever, unused);
}

static void blocked_ones_remain(void)
{
    goc_synctest_run(leave_one_blocked, NULL);
}

static void tick_for_ever(void *unused)
{
    (void)unused;
    goc_ticker *ticker = goc_ticker_new(GOC_SECOND);
    goc_chan_recv(goc_ticker_chan(ticker), NULL);
}

static void leave_one_ticking(void *unused)
{
    party_go(tick_for_ever, unused);
}

static void no_tick_after_the_first_has_ended(void)
{
    goc_synctest_run(leave_one_ticking, NULL);
}

static void run_in_run(void *unused)
{
    goc_synctest_run(for_ever, unused);
}

static void nested(void)
{
    goc_synctest_run(run_in_run, NULL);
}

static void wait_beside(void *unused)
{
    (void)unused;
    goc_synctest_wait();
}

static void two_wait(void *unused)
{
    party_go(wait_beside, unused);
    goc_synctest_wait();
    goc_synctest_wait();
}

static void two_waits_at_once(void)
{
    for (;;)
        goc_synctest_run(two_wait, NULL);
}

static void wait_outside_of_bubbles(void)
{
    goc_synctest_wait();
}

static const struct isolated_case cases[] = {
    ISOLATED_PANIC(send_from_outside,
                   "panic: send on synctest channel from outside bubble"),
    ISOLATED_PANIC(receive_in_another_bubble,
                   "panic: receive on synctest channel from outside bubble"),
    ISOLATED_PANIC(close_from_outside,
                   "panic: close of synctest channel from outside bubble"),
    ISOLATED_PANIC(select_from_outside,
                   "panic: select on synctest channel from outside bubble"),
    ISOLATED_PANIC(try_from_outside,
                   "panic: receive on synctest channel from outside bubble"),
    ISOLATED_PANIC(stop_from_outside,
                   "panic: stop of synctest timer from outside bubble"),
    ISOLATED_PANIC(reset_from_outside,
                   "panic: reset of synctest ticker from outside bubble"),
    ISOLATED(free_from_outside),
    ISOLATED_PANIC(group_moved_in, "fatal error: sync: WaitGroup.Add called from inside "
                                   "and outside synctest bubble"),
    ISOLATED_PANIC(group_moved_out, "fatal error: sync: WaitGroup.Add called from inside "
                                    "and outside synctest bubble"),
    ISOLATED_PANIC(group_done_from_outside,
                   "fatal error: sync: WaitGroup.Add called from "
                   "inside and outside synctest bubble"),
    ISOLATED_PANIC(group_in_two_bubbles, "fatal error: sync: WaitGroup.Add called from "
                                         "multiple synctest bubbles"),
    ISOLATED(group_used_again_elsewhere),
    ISOLATED_PANIC(signal_from_outside, "fatal error: semaphore wake of synctest "
                                        "goroutine from outside bubble"),
    ISOLATED_PANIC(all_blocked, "panic: deadlock: all goroutines in bubble are blocked"),
    ISOLATED_PANIC(blocked_ones_remain,
                   "panic: deadlock: main bubble goroutine has exited "
                   "but blocked goroutines remain"),
    ISOLATED_PANIC(no_tick_after_the_first_has_ended,
                   "panic: deadlock: main bubble goroutine has exited but blocked "
                   "goroutines remain"),
    ISOLATED_PANIC(nested, "panic: synctest.Run called from within a synctest bubble"),
    ISOLATED_PANIC(two_waits_at_once, "panic: wait already in progress"),
    ISOLATED_PANIC(wait_outside_of_bubbles, "panic: goroutine is not in a bubble"),
};

ISOLATED_MAIN(cases)
