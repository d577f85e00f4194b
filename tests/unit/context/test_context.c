/* Contexts: how they end, in trees of any shape, and what they say; nothing is left over. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <errno.h>
#include <goc/context.h>
#include <malloc.h>

static goc_waitgroup all;
static int some_value;

static bool is_done(const goc_context *context)
{
    goc_chan *done = goc_context_done_chan(context);
    bool polled = goc_chan_recv_until(done, NULL, 0) == 0;
    CHECK_EQ(polled, goc_context_err(context) != 0);
    return polled;
}

static void background_never_ends(void)
{
    goc_context *root = goc_context_background();
    goc_time deadline;
    CHECK(goc_context_done_chan(root) == NULL);
    CHECK_EQ(goc_context_err(root), 0);
    CHECK_EQ(goc_context_cause(root), 0);
    CHECK(!goc_context_deadline(root, &deadline));
    CHECK(goc_context_value(root, &all) == NULL);
    CHECK(goc_context_retain(root) == root);
    goc_context_release(root);
    goc_context_release(root);
    goc_context_release(NULL);
}

static void cancelled(void)
{
    goc_context *c = goc_context_with_cancel(goc_context_background());
    CHECK(!is_done(c));
    CHECK_EQ(goc_context_cause(c), 0);
    goc_context_cancel(c);
    CHECK(is_done(c));
    CHECK_EQ(goc_context_err(c), -ECANCELED);
    CHECK_EQ(goc_context_cause(c), -ECANCELED);
    goc_context_cancel_cause(c, -EIO); /* too late */
    CHECK_EQ(goc_context_cause(c), -ECANCELED);
    goc_context_release(c);
}

/* Down, through values, not up, and not through without_cancel. */
static void ends_what_is_below(void)
{
    goc_context *top = goc_context_with_cancel(goc_context_background());
    goc_context *middle = goc_context_with_cancel(top);
    goc_context *value = goc_context_with_value(middle, &all, &some_value, NULL);
    goc_context *leaf = goc_context_with_cancel(value);
    goc_context *apart = goc_context_without_cancel(value);
    goc_context *below_apart = goc_context_with_cancel(apart);
    goc_context_cancel_cause(middle, -EIO);
    CHECK(!is_done(top));
    CHECK(is_done(middle));
    CHECK(is_done(value));
    CHECK(is_done(leaf));
    CHECK_EQ(goc_context_err(leaf), -ECANCELED);
    CHECK_EQ(goc_context_cause(leaf), -EIO);
    CHECK_EQ(goc_context_cause(value), -EIO);
    CHECK_EQ(goc_context_err(apart), 0);
    CHECK(goc_context_done_chan(apart) == NULL);
    CHECK(!is_done(below_apart));
    CHECK(goc_context_value(below_apart, &all) == &some_value);
    goc_context *late = goc_context_with_cancel(leaf);
    CHECK(is_done(late));
    CHECK_EQ(goc_context_cause(late), -EIO);
    goc_context_cancel_cause(below_apart, 0); /* no cause of its own */
    CHECK_EQ(goc_context_cause(below_apart), -ECANCELED);
    goc_context *each[] = {top, middle, value, leaf, apart, below_apart, late};
    for (int i = 0; i < 7; i++)
        goc_context_release(each[i]);
}

static int dropped;

static void drop(void *value)
{
    ++*(int *)value;
}

static void values_go_with_the_last_reference(void)
{
    static const int one;
    static const int two;
    int hidden = 0;
    goc_context *a =
        goc_context_with_value(goc_context_background(), &one, &dropped, drop);
    goc_context *b = goc_context_with_value(a, &two, &hidden, NULL);
    goc_context *c = goc_context_with_value(b, &one, &hidden, drop);
    CHECK(goc_context_value(a, &two) == NULL);
    CHECK(goc_context_value(b, &one) == &dropped);
    CHECK(goc_context_value(c, &one) == &hidden);
    CHECK(goc_context_value(c, &two) == &hidden);
    goc_context_release(a);
    goc_context_release(b);
    CHECK_EQ(dropped, 0); /* c keeps both */
    goc_context_retain(c);
    goc_context_release(c);
    CHECK_EQ(hidden, 0);
    goc_context_release(c);
    CHECK_EQ(dropped, 1);
    CHECK_EQ(hidden, 1);
}

static void deadlines(void)
{
    goc_context *root = goc_context_background();
    goc_time seen = 0;
    goc_time soon = goc_now() + 2 * GOC_MILLISECOND;
    goc_context *c = goc_context_with_deadline_cause(root, soon, -EIO);
    CHECK(goc_context_deadline(c, &seen));
    CHECK_EQ(seen, soon);
    CHECK(!goc_chan_recv(goc_context_done_chan(c), NULL));
    CHECK(goc_now() >= soon);
    CHECK_EQ(goc_context_err(c), -ETIMEDOUT);
    CHECK_EQ(goc_context_cause(c), -EIO);
    goc_context *late = goc_context_with_deadline(root, soon);
    CHECK(is_done(late));
    CHECK_EQ(goc_context_err(late), -ETIMEDOUT);
    goc_context_release(late);
    late = goc_context_with_deadline_cause(root, soon, 0);
    CHECK_EQ(goc_context_cause(late), -ETIMEDOUT);
    goc_context_release(late);
    late = goc_context_with_timeout(root, -GOC_HOUR);
    CHECK(is_done(late));
    goc_context_release(late);
    goc_context_release(c);
    c = goc_context_with_timeout(root, INT64_MAX); /* never */
    CHECK(!goc_context_deadline(c, &seen));
    goc_context_release(c);
}

/* The earlier one counts, whoever has it. */
static void deadlines_above(void)
{
    goc_context *root = goc_context_background();
    goc_time near = goc_now() + 2 * GOC_MILLISECOND;
    goc_time far = near + GOC_HOUR;
    goc_time seen = 0;
    goc_context *parent = goc_context_with_deadline(root, near);
    goc_context *child = goc_context_with_deadline(parent, far);
    goc_context *plain = goc_context_with_cancel(child);
    CHECK(goc_context_deadline(plain, &seen));
    CHECK_EQ(seen, near);
    CHECK(!goc_chan_recv(goc_context_done_chan(plain), NULL));
    CHECK_EQ(goc_context_err(child), -ETIMEDOUT);
    goc_context *apart = goc_context_without_cancel(plain);
    CHECK(!goc_context_deadline(apart, &seen));
    goc_context_release(apart);
    goc_context_release(plain);
    goc_context_release(child);
    goc_context_release(parent);

    parent = goc_context_with_deadline(root, far);
    child = goc_context_with_timeout(parent, GOC_MILLISECOND);
    CHECK(!goc_chan_recv(goc_context_done_chan(child), NULL));
    CHECK(!is_done(parent));
    goc_context_cancel(parent);
    CHECK_EQ(goc_context_err(child), -ETIMEDOUT);
    goc_context_release(child);
    goc_context_release(parent);
}

/* A chain that is longer than a stack is deep. */
static void long_chains(void)
{
    enum { LENGTH = 20000 };
    static goc_context *chain[LENGTH + 1];
    chain[0] = goc_context_background();
    for (int i = 0; i < LENGTH; i++)
        chain[i + 1] = goc_context_with_cancel(chain[i]);
    goc_context_cancel(chain[1]);
    CHECK(is_done(chain[LENGTH]));
    for (int i = 1; i < LENGTH; i++)
        goc_context_release(chain[i]);
    goc_context_release(chain[LENGTH]); /* and with it all */
}

static void wait_for_end(void *context)
{
    CHECK(!goc_chan_recv(goc_context_done_chan(context), NULL));
    CHECK(goc_context_err(context) != 0);
    goc_context_release(context);
    goc_waitgroup_done(&all);
}

static void wakes_all_who_wait(void)
{
    enum { WAITERS = 40 };
    goc_context *c = goc_context_with_cancel(goc_context_background());
    goc_waitgroup_add(&all, WAITERS + 1);
    for (int i = 0; i < WAITERS; i++)
        party_go(wait_for_end,
                 i % 2 ? goc_context_retain(c) : goc_context_with_cancel(c));
    pthread_t thread = party_thread(wait_for_end, goc_context_retain(c));
    goc_context_cancel(c);
    goc_context_release(c);
    goc_waitgroup_wait(&all);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static goc_context *shared;
static uint32_t stop; // atomic

static void make_and_release(void *argument)
{
    (void)argument;
    while (!load_acquire(&stop)) {
        goc_context *a = goc_context_with_timeout(shared, 20 * GOC_MICROSECOND);
        goc_context *b = goc_context_with_cancel(a);
        goc_context *c = goc_context_with_value(b, &all, NULL, NULL);
        goc_context *d = goc_context_with_timeout(c, GOC_HOUR);
        goc_context_release(b);
        goc_context_release(a);
        goc_yield();
        if (goc_context_err(d) == 0)
            goc_context_cancel(d);
        goc_context_release(d);
        goc_context_release(c);
    }
    goc_waitgroup_done(&all);
}

/* Births, deaths, timers and the end from above, all at once. */
static void ends_while_the_tree_grows(void)
{
    for (int round = 0; round < 20; round++) {
        store_release(&stop, 0);
        shared = goc_context_with_cancel(goc_context_background());
        goc_waitgroup_add(&all, 5);
        for (int i = 0; i < 4; i++)
            party_go(make_and_release, NULL);
        pthread_t thread = party_thread(make_and_release, NULL);
        goc_sleep(GOC_MILLISECOND); /* tidy: sleep, because it only gives them time */
        goc_context_cancel(shared);
        goc_sleep(GOC_MILLISECOND); /* tidy: sleep, because it only gives them time */
        store_release(&stop, 1);
        goc_waitgroup_wait(&all);
        CHECK_EQ(pthread_join(thread, NULL), 0);
        goc_context_release(shared);
    }
}

static void one_life(void)
{
    goc_context *root = goc_context_background();
    goc_context *a = goc_context_with_timeout(root, GOC_HOUR);
    goc_context *b = goc_context_with_value(a, &all, NULL, NULL);
    goc_context *c = goc_context_with_cancel(b);
    goc_context *d = goc_context_without_cancel(c);
    goc_context_release(a);
    goc_context_release(c);
    goc_context_release(b);
    goc_context_release(d);
}

static void nothing_is_left_over(void)
{
    one_life();
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < 100; i++)
        one_life();
    CHECK_EQ(mallinfo2().uordblks, before);
}

static void no_parent(void)
{
    goc_context_with_cancel(NULL);
}

static void no_key(void)
{
    goc_context_with_value(goc_context_background(), NULL, NULL, NULL);
}

static void cancel_of_the_root(void)
{
    goc_context_cancel(goc_context_background());
}

/* A cancelled context's timer keeps nobody awake. */
static void nobody_waits_for_a_cancelled_timer(void)
{
    goc_context *c = goc_context_with_timeout(goc_context_background(), GOC_HOUR);
    goc_context *d = goc_context_with_timeout(c, GOC_MINUTE);
    goc_context_cancel(c);
    CHECK(is_done(d));
    goc_chan_recv(NULL, NULL);
}

static const struct isolated_case cases[] = {
    ISOLATED(background_never_ends),
    ISOLATED(cancelled),
    ISOLATED(ends_what_is_below),
    ISOLATED(values_go_with_the_last_reference),
    ISOLATED(deadlines),
    ISOLATED(deadlines_above),
    ISOLATED(long_chains),
    ISOLATED(wakes_all_who_wait),
    ISOLATED(ends_while_the_tree_grows),
    ISOLATED(nothing_is_left_over),
    ISOLATED_PANIC(no_parent, "panic: cannot create context from nil parent"),
    ISOLATED_PANIC(no_key, "panic: nil key"),
    ISOLATED_PANIC(cancel_of_the_root,
                   "panic: context: cancel of a context that has no cancel"),
    ISOLATED_PANIC(nobody_waits_for_a_cancelled_timer,
                   "fatal error: all goroutines are asleep - deadlock!"),
};

ISOLATED_MAIN(cases)
