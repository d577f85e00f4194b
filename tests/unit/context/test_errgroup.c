/* Errgroup: the first error, the context, the limit. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <errno.h>
#include <goc/errgroup.h>

static goc_errgroup group;
static uint32_t inside; // atomic
static uint32_t ran;    // atomic
static uint32_t gate;   // atomic
static goc_context *context;

static int succeed(void *argument)
{
    (void)argument;
    fetch_add_relaxed(&ran, 1);
    return 0;
}

static int fail_with(void *error)
{
    fetch_add_relaxed(&ran, 1);
    return *(int *)error;
}

static void first_error_counts(void)
{
    static int io = -EIO;
    static int perm = -EPERM;
    CHECK_EQ(goc_errgroup_wait(&group), 0);
    for (int i = 0; i < 10; i++)
        goc_errgroup_go(&group, succeed, NULL);
    CHECK_EQ(goc_errgroup_wait(&group), 0);
    goc_errgroup_go(&group, fail_with, &io);
    PARTY_UNTIL(load_relaxed(&group.error) != 0);
    goc_errgroup_go(&group, fail_with, &perm);
    goc_errgroup_go(&group, succeed, NULL);
    CHECK_EQ(goc_errgroup_wait(&group), -EIO);
    CHECK_EQ(ran, 13);
    goc_errgroup_go(&group, succeed, NULL);
    CHECK_EQ(goc_errgroup_wait(&group), 0);
}

static int wait_for_end(void *argument)
{
    (void)argument;
    CHECK(!goc_chan_recv(goc_context_done_chan(context), NULL));
    return goc_context_err(context);
}

static void an_error_ends_the_rest(void)
{
    static int io = -EIO;
    context = goc_errgroup_with_context(&group, goc_context_background());
    for (int i = 0; i < 10; i++)
        goc_errgroup_go(&group, wait_for_end, NULL);
    goc_errgroup_go(&group, fail_with, &io);
    CHECK_EQ(goc_errgroup_wait(&group), -EIO);
    CHECK_EQ(goc_context_cause(context), -EIO);
    goc_context_release(context);
}

static void wait_ends_the_context(void)
{
    context = goc_errgroup_with_context(&group, goc_context_background());
    goc_errgroup_go(&group, succeed, NULL);
    CHECK_EQ(goc_errgroup_wait(&group), 0);
    CHECK_EQ(goc_context_cause(context), -ECANCELED);
    goc_context_release(context);
}

static int count_inside(void *most)
{
    CHECK(fetch_add_relaxed(&inside, 1) < *(uint32_t *)most);
    goc_yield();
    fetch_sub_relaxed(&inside, 1);
    return 0;
}

static void limited(void)
{
    static uint32_t most = 3;
    goc_errgroup_set_limit(&group, 3);
    for (int i = 0; i < 200; i++)
        goc_errgroup_go(&group, count_inside, &most);
    CHECK_EQ(goc_errgroup_wait(&group), 0);
    goc_errgroup_set_limit(&group, 0);
    CHECK(!goc_errgroup_trygo(&group, succeed, NULL));
    goc_errgroup_set_limit(&group, -1);
    CHECK(goc_errgroup_trygo(&group, succeed, NULL));
    CHECK_EQ(goc_errgroup_wait(&group), 0);
}

static int wait_at_gate(void *argument)
{
    (void)argument;
    PARTY_UNTIL(load_acquire(&gate));
    return 0;
}

static void try(void)
{
    goc_errgroup_set_limit(&group, 2);
    CHECK(goc_errgroup_trygo(&group, wait_at_gate, NULL));
    CHECK(goc_errgroup_trygo(&group, wait_at_gate, NULL));
    CHECK(!goc_errgroup_trygo(&group, wait_at_gate, NULL));
    store_release(&gate, 1);
    CHECK_EQ(goc_errgroup_wait(&group), 0);
    CHECK(goc_errgroup_trygo(&group, wait_at_gate, NULL));
    CHECK_EQ(goc_errgroup_wait(&group), 0);
}

static void limit_changed_too_late(void)
{
    goc_errgroup_set_limit(&group, 2);
    goc_errgroup_go(&group, wait_at_gate, NULL);
    goc_errgroup_set_limit(&group, 3);
}

static int end_inside(void *argument)
{
    (void)argument;
    goc_exit();
}

static void an_end_counts_as_done(void)
{
    goc_errgroup_set_limit(&group, 1);
    for (int i = 0; i < 10; i++)
        goc_errgroup_go(&group, end_inside, NULL);
    CHECK_EQ(goc_errgroup_wait(&group), 0);
}

static const struct isolated_case cases[] = {
    ISOLATED(first_error_counts),
    ISOLATED(an_error_ends_the_rest),
    ISOLATED(wait_ends_the_context),
    ISOLATED(limited),
    ISOLATED(try),
    ISOLATED_PANIC(limit_changed_too_late,
                   "panic: errgroup: modify limit while 1 goroutines in the group are "
                   "still active"),
    ISOLATED(an_end_counts_as_done),
};

ISOLATED_MAIN(cases)
