/* Channel operations with a deadline: in time, too late, and both at once. */
#include "base/atomic.h"
#include "chan/chan.h"
#include "isolated.h"
#include "party.h"

#include <errno.h>
#include <goc/select.h>
#include <goc/sync.h>
#include <goc/time.h>

static goc_chan *c;
static goc_waitgroup all;

static goc_time soon(void)
{
    return goc_now() + GOC_MILLISECOND;
}

static bool deserted(void)
{
    return waitq_deserted(&c->receivers) && waitq_deserted(&c->senders);
}

static void too_late(void)
{
    int value = 7;
    c = goc_chan_make(sizeof(int), 0);
    goc_time deadline = soon();
    CHECK_EQ(goc_chan_recv_until(c, &value, deadline), -ETIMEDOUT);
    CHECK(goc_now() >= deadline);
    CHECK_EQ(value, 7);
    CHECK_EQ(goc_chan_send_until(c, &value, soon()), -ETIMEDOUT);
    CHECK_EQ(goc_chan_recv_until(c, &value, 0), -ETIMEDOUT);
    CHECK(deserted());
    CHECK_EQ(goc_chan_recv_until(NULL, &value, soon()), -ETIMEDOUT);
    CHECK_EQ(goc_chan_send_until(NULL, &value, soon()), -ETIMEDOUT);
    goc_chan_free(c);
}

/* A deadline that has passed still lets pass what need not wait. */
static void polls(void)
{
    int value = 3;
    c = goc_chan_make(sizeof(int), 1);
    CHECK_EQ(goc_chan_send_until(c, &value, 0), 0);
    CHECK_EQ(goc_chan_send_until(c, &value, 0), -ETIMEDOUT);
    value = 0;
    CHECK_EQ(goc_chan_recv_until(c, &value, 0), 1);
    CHECK_EQ(value, 3);
    goc_chan_close(c);
    CHECK_EQ(goc_chan_recv_until(c, &value, 0), 0);
    CHECK_EQ(value, 0);
    goc_chan_free(c);
}

static void send_nine(void *argument)
{
    (void)argument;
    int nine = 9;
    CHECK_EQ(goc_chan_send_until(c, &nine, GOC_NEVER), 0);
}

static void in_time(void)
{
    int value = 0;
    c = goc_chan_make(sizeof(int), 0);
    party_go(send_nine, NULL);
    CHECK_EQ(goc_chan_recv_until(c, &value, goc_now() + GOC_HOUR), 1);
    CHECK_EQ(value, 9);
    party_go(send_nine, NULL);
    PARTY_UNTIL(chan_recv_hint(c)); /* the sender waits */
    CHECK_EQ(goc_chan_recv_until(c, &value, goc_now() + GOC_HOUR), 1);
    goc_chan_free(c);
}

static void recv_closed(void *argument)
{
    (void)argument;
    int value = 5;
    CHECK_EQ(goc_chan_recv_until(c, &value, goc_now() + GOC_HOUR), 0);
    CHECK_EQ(value, 0);
    goc_waitgroup_done(&all);
}

static void closed_while_waiting(void)
{
    c = goc_chan_make(sizeof(int), 0);
    goc_waitgroup_add(&all, 1);
    party_go(recv_closed, NULL);
    PARTY_UNTIL(chan_send_hint(c));
    goc_chan_close(c);
    goc_waitgroup_wait(&all);
    goc_chan_free(c);
}

static void send_closed(void)
{
    c = goc_chan_make(sizeof(int), 0);
    goc_chan_close(c);
    goc_chan_send_until(c, &(int){1}, goc_now() + GOC_HOUR);
}

enum { PARTIES = 4, EACH = 400 };
static uint32_t sent;     // atomic
static uint32_t received; // atomic

static void send_many(void *argument)
{
    (void)argument;
    for (int i = 0; i < EACH; i++) {
        if (goc_chan_send_until(c, &i, goc_now() + i % 20 * GOC_MICROSECOND) == 0)
            fetch_add_relaxed(&sent, 1);
    }
    goc_waitgroup_done(&all);
}

static void recv_many(void *argument)
{
    (void)argument;
    for (int i = 0; i < EACH; i++) {
        int value;
        if (goc_chan_recv_until(c, &value, goc_now() + i % 20 * GOC_MICROSECOND) == 1)
            fetch_add_relaxed(&received, 1);
    }
    goc_waitgroup_done(&all);
}

/* Deadlines meet partners again and again: each send that succeeded has its one receive. */
static void meet_at(size_t capacity)
{
    store_relaxed(&sent, 0);
    store_relaxed(&received, 0);
    c = goc_chan_make(sizeof(int), capacity);
    goc_waitgroup_add(&all, 2 * PARTIES);
    for (int i = 0; i < PARTIES; i++) {
        party_go(send_many, NULL);
        party_go(recv_many, NULL);
    }
    goc_waitgroup_wait(&all);
    CHECK(deserted());
    CHECK_EQ(sent, received + goc_chan_len(c));
    goc_chan_free(c);
}

static void each_send_has_its_receive(void)
{
    meet_at(0);
    meet_at(2);
}

static void send_and_free(void *argument)
{
    goc_chan *own = argument;
    goc_chan_send(own, NULL);
    goc_chan_free(own); /* the last operation is complete */
}

/* The sender frees the channel while the receiver's deadline passes. */
static void freed_at_the_deadline(void)
{
    for (int i = 0; i < 1000; i++) {
        goc_chan *own = goc_chan_make(0, 0);
        party_go(send_and_free, own);
        if (goc_chan_recv_until(own, NULL, goc_now() + i % 20 * GOC_MICROSECOND) != 1)
            CHECK(goc_chan_recv(own, NULL));
    }
}

static void timers_channel(void)
{
    goc_chan *after = goc_after_chan(GOC_MILLISECOND);
    CHECK_EQ(goc_chan_recv_until(after, NULL, 0), -ETIMEDOUT);
    CHECK_EQ(goc_chan_recv_until(after, NULL, goc_now() + GOC_HOUR),
             1); /* and frees it */
}

static void recv_as_thread(void *argument)
{
    (void)argument;
    CHECK_EQ(goc_chan_recv_until(c, NULL, soon()), -ETIMEDOUT);
    CHECK_EQ(goc_chan_send_until(c, NULL, goc_now() + GOC_HOUR), 0);
}

static void threads_have_deadlines_too(void)
{
    c = goc_chan_make(0, 0);
    pthread_t thread = party_thread(recv_as_thread, NULL);
    PARTY_UNTIL(chan_recv_hint(c));
    CHECK(goc_chan_recv(c, NULL));
    CHECK_EQ(pthread_join(thread, NULL), 0);
    goc_chan_free(c);
}

/* Without a deadline that comes, the wait counts as asleep. */
static void never_is_a_deadlock(void)
{
    c = goc_chan_make(0, 0);
    goc_chan_recv_until(c, NULL, GOC_NEVER);
}

static const struct isolated_case cases[] = {
    ISOLATED(too_late),
    ISOLATED(polls),
    ISOLATED(in_time),
    ISOLATED(closed_while_waiting),
    ISOLATED_PANIC(send_closed, "panic: send on closed channel"),
    ISOLATED(each_send_has_its_receive),
    ISOLATED(freed_at_the_deadline),
    ISOLATED(timers_channel),
    ISOLATED(threads_have_deadlines_too),
    ISOLATED_PANIC(never_is_a_deadlock, "goroutine 1 [chan receive]"),
};

ISOLATED_MAIN(cases)
