/* Blocking calls that end with a context. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <errno.h>
#include <goc/context.h>
#include <goc/select.h>

static goc_mutex mutex;
static goc_cond cond = GOC_COND_INIT(&mutex);
static goc_waitgroup group;
static goc_waitgroup all;
static goc_waitgroup cancels;
static goc_semaphore units = GOC_SEMAPHORE_INIT(1);
static goc_chan *chan;
static uint32_t started; // atomic

static int wait_send(goc_context *context)
{
    return goc_chan_send_context(chan, NULL, context);
}

static int wait_recv(goc_context *context)
{
    return goc_chan_recv_context(chan, NULL, context);
}

static int wait_nil(goc_context *context)
{
    return goc_chan_recv_context(NULL, NULL, context);
}

static int wait_group(goc_context *context)
{
    return goc_waitgroup_wait_context(&group, context);
}

static int wait_cond(goc_context *context)
{
    goc_mutex_lock(&mutex);
    int result = goc_cond_wait_context(&cond, context);
    goc_mutex_unlock(&mutex);
    return result;
}

static int wait_semaphore(goc_context *context)
{
    return goc_semaphore_acquire_context(&units, 1, context);
}

static int wait_sleep(goc_context *context)
{
    return goc_sleep_context(GOC_HOUR, context);
}

static int (*const waits[])(goc_context *) = {wait_recv, wait_nil,       wait_group,
                                              wait_cond, wait_semaphore, wait_sleep};
enum { WAITS = sizeof waits / sizeof *waits };

struct waiter {
    int (*wait)(goc_context *);
    goc_context *context;
    int result;
};

static void run(void *argument)
{
    struct waiter *w = argument;
    fetch_add_relaxed(&started, 1);
    w->result = w->wait(w->context);
    goc_waitgroup_done(&all);
}

static void set_up(void)
{
    chan = goc_chan_make(0, 0);
    goc_waitgroup_add(&group, 1);
    goc_semaphore_acquire(&units, 1);
}

/* Everything that can be waited for, and nothing of it ever comes. */
static void end_by(goc_context *context, int expected)
{
    struct waiter waiters[WAITS];
    store_relaxed(&started, 0);
    goc_waitgroup_add(&all, WAITS);
    for (int i = 0; i < WAITS; i++) {
        waiters[i] = (struct waiter){waits[i], context, 0};
        party_go(run, &waiters[i]);
    }
    PARTY_UNTIL(load_relaxed(&started) == WAITS);
    if (expected == -ECANCELED)
        goc_context_cancel(context);
    goc_waitgroup_wait(&all);
    for (int i = 0; i < WAITS; i++)
        CHECK_EQ(waiters[i].result, expected);
    CHECK(!goc_semaphore_tryacquire(&units, 1));
    CHECK(cond.head == NULL);
    goc_context_release(context);
}

static void all_end(void)
{
    set_up();
    goc_context *root = goc_context_background();
    end_by(goc_context_with_cancel(root), -ECANCELED);
    end_by(goc_context_with_timeout(root, GOC_MILLISECOND), -ETIMEDOUT);
    goc_context *parent = goc_context_with_timeout(root, GOC_MILLISECOND);
    end_by(goc_context_with_value(parent, &all, NULL, NULL), -ETIMEDOUT);
    goc_context_release(parent);
    goc_context *ended = goc_context_with_timeout(root, 0);
    end_by(ended, -ETIMEDOUT);
}

static void threads_end_too(void)
{
    set_up();
    goc_context *c = goc_context_with_cancel(goc_context_background());
    struct waiter waiters[WAITS];
    pthread_t threads[WAITS];
    goc_waitgroup_add(&all, WAITS);
    for (int i = 0; i < WAITS; i++) {
        waiters[i] = (struct waiter){waits[i], c, 0};
        threads[i] = party_thread(run, &waiters[i]);
    }
    PARTY_UNTIL(load_relaxed(&started) == WAITS);
    goc_context_cancel(c);
    for (int i = 0; i < WAITS; i++) {
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
        CHECK_EQ(waiters[i].result, -ECANCELED);
    }
    goc_context_release(c);
}

/* What need not wait is done, also when the context has ended; what is in time as well. */
static void not_ended(void)
{
    goc_context *root = goc_context_background();
    goc_context *ended = goc_context_with_timeout(root, 0);
    chan = goc_chan_make(0, 1);
    CHECK_EQ(wait_send(ended), 0);
    CHECK_EQ(wait_recv(ended), 1);
    goc_chan_close(chan);
    CHECK_EQ(wait_recv(ended), 0);
    CHECK_EQ(wait_group(ended), 0);
    CHECK_EQ(wait_semaphore(ended), 0);
    goc_semaphore_release(&units, 1);
    CHECK_EQ(wait_semaphore(root), 0);
    CHECK_EQ(goc_sleep_context(GOC_MICROSECOND, root), 0);
    goc_time before = goc_now();
    goc_context *c = goc_context_with_cancel(root);
    CHECK_EQ(goc_sleep_context(GOC_MILLISECOND, c), 0);
    CHECK(goc_now() >= before + GOC_MILLISECOND);
    goc_context_release(c);
    goc_context_release(ended);
}

static void pass_it_on(void *context)
{
    for (int i = 0; i < 300; i++) {
        goc_context *c = goc_context_with_timeout(context, i % 20 * GOC_MICROSECOND);
        if (wait_semaphore(c) == 0)
            goc_semaphore_release(&units, 1);
        goc_context_cancel(c);
        goc_context_release(c);
    }
    goc_waitgroup_done(&all);
}

static void nothing_is_lost(void)
{
    goc_context *c = goc_context_with_cancel(goc_context_background());
    goc_waitgroup_add(&all, 8);
    for (int i = 0; i < 8; i++)
        party_go(pass_it_on, c);
    goc_waitgroup_wait(&all);
    CHECK(goc_semaphore_tryacquire(&units, 1));
    goc_context_release(c);
}

static void in_a_select(void)
{
    goc_context *c = goc_context_with_timeout(goc_context_background(), GOC_MILLISECOND);
    chan = goc_chan_make(0, 0);
    struct goc_select_case cases[] = {
        {.chan = chan, .op = GOC_SELECT_RECV},
        {.chan = goc_context_done_chan(c), .op = GOC_SELECT_RECV},
    };
    CHECK_EQ(goc_select(cases, 2, false), 1);
    CHECK(!cases[1].ok);
    goc_context_release(c);
    goc_chan_free(chan);
}

/* The semaphore may go at once, though the context ends at the same time. */
static void take_one(void *argument)
{
    struct waiter *w = argument;
    w->result = goc_semaphore_acquire_context(&units, 1, w->context);
    goc_waitgroup_done(&all);
}

static void cancel(void *context)
{
    goc_context_cancel(context);
    goc_waitgroup_done(&cancels);
}

static void release_against_cancel(void)
{
    for (int round = 0; round < 500; round++) {
        goc_context *c = goc_context_with_cancel(goc_context_background());
        struct waiter w = {.context = c};
        goc_semaphore_acquire(&units, 1);
        goc_waitgroup_add(&all, 1);
        party_go(take_one, &w);
        if (round % 2)
            goc_yield();
        goc_waitgroup_add(&cancels, 1);
        party_go(cancel, c);
        goc_semaphore_release(&units, 1);
        goc_waitgroup_wait(&all);
        PARTY_UNTIL(goc_context_err(c) != 0);
        CHECK_EQ(goc_semaphore_tryacquire(&units, 1), w.result != 0);
        goc_semaphore_release(&units, 1);
        goc_waitgroup_wait(&cancels); /* who cancels uses the context to the end */
        goc_context_release(c);
    }
}

static const struct isolated_case cases[] = {
    ISOLATED(all_end),     ISOLATED(threads_end_too),
    ISOLATED(not_ended),   ISOLATED(nothing_is_lost),
    ISOLATED(in_a_select), ISOLATED(release_against_cancel),
};

ISOLATED_MAIN(cases)
