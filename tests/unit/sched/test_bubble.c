/* Bubbles: a clock that jumps, quiescence, isolation, and the way a run ends. */
#include "base/atomic.h"
#include "isolated.h"
#include "os/clock.h"
#include "party.h"

#include <errno.h>
#include <goc/chan.h>
#include <goc/context.h>
#include <goc/errgroup.h>
#include <goc/io.h>
#include <goc/select.h>
#include <goc/semaphore.h>
#include <goc/singleflight.h>
#include <goc/sync.h>
#include <goc/synctest.h>
#include <goc/time.h>

/* Sleep in a bubble, where that takes no time. */
static void pass(goc_duration d)
{
    goc_sleep(d); /* tidy: sleep, because the clock is the bubble's */
}

static int counted; // atomic

static void count_one(void *unused)
{
    (void)unused;
    fetch_add_release(&counted, 1);
}

/* ---- time ------------------------------------------------------------------------------ */

static void sleep_an_hour_and_count(void *unused)
{
    pass(GOC_HOUR);
    count_one(unused);
}

static void hours_of_sleep(void *unused)
{
    (void)unused;
    CHECK(goc_synctest_in_bubble());
    CHECK_EQ(goc_now(), 0);
    party_go(sleep_an_hour_and_count, NULL);
    pass(2 * GOC_HOUR);
    CHECK_EQ(load_acquire(&counted), 1);
    CHECK_EQ(goc_now(), 2 * GOC_HOUR);
    goc_sleep_until(5 * GOC_HOUR);
    CHECK_EQ(goc_now(), 5 * GOC_HOUR);
    CHECK_EQ(goc_deadline_after(GOC_SECOND), 5 * GOC_HOUR + GOC_SECOND);
}

static void sleeps_take_no_time(void)
{
    int64_t start = goc__clock_now();
    goc_synctest_run(hours_of_sleep, NULL);
    CHECK(goc__clock_now() - start < GOC_HOUR);
    CHECK(!goc_synctest_in_bubble());
    CHECK(goc_now() >= start);
}

static void every_clock(void *unused)
{
    (void)unused;
    goc_time came;
    goc_chan *after = goc_after_chan(GOC_MINUTE);
    CHECK(goc_chan_recv(after, &came));
    CHECK_EQ(came, GOC_MINUTE);

    goc_timer *timer = goc_timer_new(GOC_MINUTE);
    CHECK(goc_chan_recv(goc_timer_chan(timer), &came));
    CHECK_EQ(came, 2 * GOC_MINUTE);
    goc_timer_reset(timer, GOC_HOUR);
    CHECK(goc_timer_stop(timer));
    goc_timer_free(timer);

    goc_ticker *ticker = goc_ticker_new(GOC_SECOND);
    for (int i = 1; i <= 3; i++) {
        CHECK(goc_chan_recv(goc_ticker_chan(ticker), &came));
        CHECK_EQ(came, 2 * GOC_MINUTE + i * GOC_SECOND);
    }
    goc_ticker_free(ticker);

    goc_time now = goc_now();
    goc_context *context = goc_context_with_timeout(goc_context_background(), GOC_HOUR);
    CHECK(!goc_chan_recv(goc_context_done_chan(context), NULL));
    CHECK_EQ(goc_context_err(context), -ETIMEDOUT);
    CHECK_EQ(goc_now(), now + GOC_HOUR);
    goc_context_release(context);

    context = goc_context_with_timeout(goc_context_background(), GOC_HOUR);
    CHECK_EQ(goc_chan_recv_context(NULL, NULL, context), -ETIMEDOUT);
    CHECK_EQ(goc_sleep_context(GOC_SECOND, context), -ETIMEDOUT);
    CHECK_EQ(goc_now(), now + 2 * GOC_HOUR);
    goc_context_release(context);
}

static void every_clock_is_the_bubbles(void)
{
    goc_synctest_run(every_clock, NULL);
}

static void deadlines(void *unused)
{
    (void)unused;
    goc_chan *c = goc_chan_make(0, 0);
    CHECK_EQ(goc_chan_recv_until(c, NULL, goc_now() + GOC_HOUR), -ETIMEDOUT);
    CHECK_EQ(goc_chan_send_until(NULL, NULL, goc_now() + GOC_HOUR), -ETIMEDOUT);
    goc_waitgroup group = {0};
    goc_waitgroup_add(&group, 1);
    CHECK_EQ(goc_waitgroup_wait_until(&group, goc_now() + GOC_HOUR), -ETIMEDOUT);
    goc_waitgroup_done(&group);
    goc_mutex mutex = {0};
    goc_cond cond = {.mutex = &mutex};
    goc_mutex_lock(&mutex);
    CHECK_EQ(goc_cond_wait_until(&cond, goc_now() + GOC_HOUR), -ETIMEDOUT);
    goc_mutex_unlock(&mutex);
    goc_semaphore semaphore = GOC_SEMAPHORE_INIT(1);
    goc_semaphore_acquire(&semaphore, 1);
    CHECK_EQ(goc_semaphore_acquire_until(&semaphore, 1, goc_now() + GOC_HOUR),
             -ETIMEDOUT);
    CHECK_EQ(goc_now(), 5 * GOC_HOUR);
    goc_chan_free(c);
}

static void deadlines_pass_at_once(void)
{
    goc_synctest_run(deadlines, NULL);
}

/* Fired by who starts it, without waiting for the others to block. */
static void functions_of_no_delay(void *unused)
{
    (void)unused;
    goc_timer *timer = goc_timer_func(0, count_one, NULL);
    PARTY_UNTIL(load_acquire(&counted) == 1);
    goc_timer_free(timer);
    goc_timer *sends = goc_timer_new(-1);
    struct goc_select_case arm = {.chan = goc_timer_chan(sends), .op = GOC_SELECT_RECV};
    CHECK_EQ(goc_select(&arm, 1, true), 0);
    goc_timer_free(sends);
    /* The function's goroutine is a member as well. */
    timer = goc_timer_func(GOC_HOUR, sleep_an_hour_and_count, NULL);
    pass(3 * GOC_HOUR);
    CHECK_EQ(load_acquire(&counted), 2);
    goc_timer_free(timer);
}

static void timers_of_no_delay_fire_at_once(void)
{
    goc_synctest_run(functions_of_no_delay, NULL);
}

static goc_timer *left;

static void leave_a_timer(void *unused)
{
    (void)unused;
    left = goc_timer_func(GOC_HOUR, count_one, NULL);
}

static void time_ends_with_the_first_goroutine(void)
{
    goc_synctest_run(leave_a_timer, NULL);
    CHECK_EQ(load_acquire(&counted), 0);
    goc_synctest_run(hours_of_sleep, NULL);
    CHECK_EQ(load_acquire(&counted), 1);
    goc_timer_free(left); /* anybody's, also after the run */
}

static void sleep_locked(void *unused)
{
    (void)unused;
    goc_lock_os_thread();
    party_go(sleep_an_hour_and_count, NULL);
    goc_timer *timer = goc_timer_func(0, count_one, NULL);
    pass(2 * GOC_HOUR);
    CHECK_EQ(goc_now(), 2 * GOC_HOUR);
    CHECK_EQ(load_acquire(&counted), 2);
    goc_timer_free(timer);
    goc_unlock_os_thread();
}

static void a_locked_goroutine_has_the_clock(void)
{
    goc_synctest_run(sleep_locked, NULL);
}

static void *run_hours(void *unused)
{
    goc_synctest_run(hours_of_sleep, unused);
    return NULL;
}

static void a_thread_can_be_the_root(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, run_hours, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

enum { RUNS = 20 };

static void an_hour(void *unused)
{
    (void)unused;
    for (int i = 1; i <= 50; i++) {
        pass(i * GOC_SECOND);
        goc_synctest_wait();
    }
    CHECK_EQ(goc_now(), 50 * 51 / 2 * GOC_SECOND);
}

static void run_an_hour(void *done)
{
    for (int i = 0; i < 5; i++)
        goc_synctest_run(an_hour, NULL);
    goc_waitgroup_done(done);
}

/* Also the real clock. */
static void bubbles_do_not_wait_for_each_other(void)
{
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, RUNS);
    for (int i = 0; i < RUNS; i++)
        party_go(run_an_hour, &done);
    goc_time start = goc_now();
    CHECK_EQ(goc_chan_recv_until(NULL, NULL, start + GOC_MILLISECOND), -ETIMEDOUT);
    CHECK(goc_now() - start >= GOC_MILLISECOND);
    goc_waitgroup_wait(&done);
}

/* ---- quiescence ------------------------------------------------------------------------ */

static goc_chan *relay;
static bool relayed; /* by the last; wait orders it */

static void pass_on(void *unused)
{
    int count;
    CHECK(goc_chan_recv(relay, &count));
    if (count == 0) {
        relayed = true;
        return;
    }
    party_go(pass_on, unused);
    count--;
    goc_chan_send(relay, &count);
}

static void wait_for_the_last(void *unused)
{
    relay = goc_chan_make(sizeof(int), 0);
    relayed = false;
    party_go(pass_on, unused);
    int count = 100;
    goc_chan_send(relay, &count);
    goc_synctest_wait();
    CHECK(relayed);
    goc_chan_free(relay);
    goc_synctest_wait(); /* alone */
}

static void wait_sees_all_blocked_or_ended(void)
{
    for (int i = 0; i < 20; i++)
        goc_synctest_run(wait_for_the_last, NULL);
}

struct blocker {
    goc_chan *chan;
    goc_mutex mutex;
    goc_cond cond;
    goc_waitgroup group;
    goc_semaphore semaphore;
    bool go; /* mutex */
};

static void in_recv(void *blocker)
{
    goc_chan_recv(((struct blocker *)blocker)->chan, NULL);
}

static void in_send(void *blocker)
{
    goc_chan *c = goc_chan_make(0, 0);
    struct goc_select_case arms[] = {
        {.chan = c, .op = GOC_SELECT_SEND},
        {.chan = ((struct blocker *)blocker)->chan, .op = GOC_SELECT_RECV},
    };
    CHECK_EQ(goc_select(arms, 2, false), 1);
    goc_chan_free(c);
}

static void in_wait(void *blocker)
{
    goc_waitgroup_wait(&((struct blocker *)blocker)->group);
}

static void in_cond(void *blocker)
{
    struct blocker *b = blocker;
    goc_mutex_lock(&b->mutex);
    while (!b->go)
        goc_cond_wait(&b->cond);
    goc_mutex_unlock(&b->mutex);
}

static void in_acquire(void *blocker)
{
    struct blocker *b = blocker;
    goc_semaphore_acquire(&b->semaphore, 1);
    goc_semaphore_release(&b->semaphore, 1);
}

static int fly(void *argument, void **value)
{
    *value = NULL;
    goc_chan_recv(((struct blocker *)argument)->chan, NULL);
    return 0;
}

static goc_singleflight flights;

static void in_flight(void *blocker)
{
    goc_singleflight_do(&flights, "key", fly, blocker);
}

static int in_group(void *blocker)
{
    in_recv(blocker);
    return 0;
}

static void in_errgroup(void *blocker)
{
    goc_errgroup group = {0};
    goc_errgroup_set_limit(&group, 1);
    goc_errgroup_go(&group, in_group, blocker);
    goc_errgroup_go(&group, in_group, blocker);
    CHECK_EQ(goc_errgroup_wait(&group), 0);
}

static void block_durably(void *unused)
{
    (void)unused;
    static void (*const kinds[])(void *) = {in_recv,   in_send,    in_wait,
                                            in_cond,   in_acquire, in_flight,
                                            in_flight, in_errgroup};
    struct blocker b = {.chan = goc_chan_make(0, 0), .semaphore = GOC_SEMAPHORE_INIT(1)};
    b.cond.mutex = &b.mutex;
    goc_waitgroup_add(&b.group, 1);
    goc_semaphore_acquire(&b.semaphore, 1);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        party_go(kinds[i], &b);
    goc_synctest_wait();
    pass(GOC_HOUR);
    CHECK_EQ(goc_now(), GOC_HOUR);
    goc_chan_close(b.chan);
    goc_waitgroup_done(&b.group);
    goc_semaphore_release(&b.semaphore, 1);
    goc_mutex_lock(&b.mutex);
    b.go = true;
    goc_cond_broadcast(&b.cond);
    goc_mutex_unlock(&b.mutex);
    goc_synctest_wait();
    CHECK_EQ(goc_now(), GOC_HOUR);
    goc_chan_free(b.chan);
}

static void what_blocks_durably(void)
{
    goc_synctest_run(block_durably, NULL);
}

/* ---- what does not block durably ------------------------------------------------------- */

static goc_chan *outside;
static goc_mutex outside_mutex;
static goc_waitgroup outside_group;
static goc_context *outside_context;
static int ends[2];

static void recv_outside(void *unused)
{
    (void)unused;
    goc_chan_recv(outside, NULL);
}

static void select_mixed(void *unused)
{
    (void)unused;
    goc_chan *inside = goc_chan_make(0, 0);
    struct goc_select_case arms[] = {
        {.chan = inside, .op = GOC_SELECT_RECV},
        {.chan = outside, .op = GOC_SELECT_RECV},
    };
    CHECK_EQ(goc_select(arms, 2, false), 1);
    goc_chan_free(inside);
}

static void recv_outside_until(void *unused)
{
    (void)unused;
    CHECK_EQ(goc_chan_recv_until(outside, NULL, goc_now() + GOC_HOUR), 0);
}

static void lock_outside(void *unused)
{
    (void)unused;
    goc_mutex_lock(&outside_mutex);
    goc_mutex_unlock(&outside_mutex);
}

static void wait_outside(void *unused)
{
    (void)unused;
    goc_waitgroup_wait(&outside_group);
}

static void with_outside_context(void *unused)
{
    (void)unused;
    goc_chan *inside = goc_chan_make(0, 0);
    CHECK_EQ(goc_chan_recv_context(inside, NULL, outside_context), -ECANCELED);
    goc_chan_free(inside);
}

static void cond_with_outside_context(void *unused)
{
    (void)unused;
    goc_mutex mutex = {0};
    goc_cond cond = {.mutex = &mutex};
    goc_mutex_lock(&mutex);
    CHECK_EQ(goc_cond_wait_context(&cond, outside_context), -ECANCELED);
    goc_mutex_unlock(&mutex);
}

static void read_outside(void *unused)
{
    (void)unused;
    char byte;
    CHECK_EQ(goc_read(ends[0], &byte, 1), 1);
}

static void libc_outside(void *unused)
{
    (void)unused;
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 1); /* the thread blocks: the runtime is not told */
}

static void (*const undurable[])(void *) = {
    recv_outside, select_mixed,         recv_outside_until,        lock_outside,
    wait_outside, with_outside_context, cond_with_outside_context, read_outside,
    libc_outside,
};

/* While one member is blocked like that time stands still and nobody sees quiescence; the
 * others go on. */
static void beside(void *kind)
{
    party_go(*(void (*const *)(void *))kind, NULL);
    goc_synctest_wait();
    CHECK_EQ(load_acquire(&counted), 1);
    CHECK_EQ(goc_now(), 0);
}

static void open_up(void *unused)
{
    (void)unused;
    pass(GOC_MILLISECOND); /* real: whether the others are blocked yet decides nothing */
    fetch_add_release(&counted, 1);
    goc_chan_close(outside);
    goc_mutex_unlock(&outside_mutex);
    goc_waitgroup_done(&outside_group);
    goc_context_cancel(outside_context);
    CHECK_EQ(write(ends[1], "x", 1), 1);
}

static void what_does_not_block_durably(void)
{
    for (size_t i = 0; i < sizeof undurable / sizeof *undurable; i++) {
        counted = 0;
        outside = goc_chan_make(0, 0);
        outside_context = goc_context_with_cancel(goc_context_background());
        CHECK_EQ(pipe(ends), 0);
        goc_mutex_lock(&outside_mutex);
        goc_waitgroup_add(&outside_group, 1);
        party_go(open_up, NULL);
        goc_synctest_run(beside, (void *)(uintptr_t)&undurable[i]);
        PARTY_UNTIL(goc_num_goroutine() == 1);
        goc_context_release(outside_context);
        goc_chan_free(outside);
        goc_close(ends[0]);
        goc_close(ends[1]);
    }
}

/* I/O has the real clock, also for its deadlines. */
static void read_until(void *unused)
{
    (void)unused;
    char byte;
    CHECK_EQ(goc_read_until(ends[0], &byte, 1, goc_now() + GOC_MILLISECOND), -ETIMEDOUT);
    CHECK_EQ(goc_read_until(ends[0], &byte, 1, goc_now() - 1), -ETIMEDOUT);
    CHECK_EQ(goc_now(), 0);
}

static void io_has_the_real_clock(void)
{
    CHECK_EQ(pipe(ends), 0);
    goc_synctest_run(read_until, NULL);
}

static void exit_early(void *unused)
{
    party_go(sleep_an_hour_and_count, unused);
    pass(GOC_HOUR);
    goc_synctest_wait();
    goc_exit();
}

static void exit_ends_the_first(void)
{
    goc_synctest_run(exit_early, NULL);
    CHECK_EQ(load_acquire(&counted), 1);
}

static const struct isolated_case cases[] = {
    ISOLATED(sleeps_take_no_time),
    ISOLATED(every_clock_is_the_bubbles),
    ISOLATED(deadlines_pass_at_once),
    ISOLATED(timers_of_no_delay_fire_at_once),
    ISOLATED(time_ends_with_the_first_goroutine),
    ISOLATED(a_locked_goroutine_has_the_clock),
    ISOLATED(a_thread_can_be_the_root),
    ISOLATED(bubbles_do_not_wait_for_each_other),
    ISOLATED(wait_sees_all_blocked_or_ended),
    ISOLATED(what_blocks_durably),
    ISOLATED(what_does_not_block_durably),
    ISOLATED(io_has_the_real_clock),
    ISOLATED(exit_ends_the_first),
};

ISOLATED_MAIN(cases)
