/* Send, receive, close and free, between goroutines and between threads. */
#include "base/atomic.h"
#include "chan/chan.h"
#include "isolated.h"
#include "party.h"

#include <goc/sync.h>

static bool senders_wait(goc_chan *c)
{
    return load_acquire(&c->senders.first) != NULL;
}

static bool receivers_wait(goc_chan *c)
{
    return load_acquire(&c->receivers.first) != NULL;
}

static size_t length_of(const struct waitq *q, struct lock *lock)
{
    size_t length = 0;
    goc__lock(lock);
    for (const struct chan_waiter *w = q->first; w; w = w->next)
        length++;
    goc__unlock(lock);
    return length;
}

static void send_one(void *c)
{
    int value = 1;
    goc_chan_send(c, &value);
}

static void recv_one(void *c)
{
    int value;
    CHECK(goc_chan_recv(c, &value));
    CHECK_EQ(value, 1);
}

static void sender_waits_for_receiver(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 0);
    party_go(send_one, c);
    PARTY_UNTIL(senders_wait(c));
    CHECK_EQ(goc_chan_len(c), 0);
    CHECK_EQ(goc_chan_cap(c), 0);
    recv_one(c);
    CHECK(!senders_wait(c));
    goc_chan_free(c);
}

static void receiver_waits_for_sender(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 0);
    party_go(recv_one, c);
    PARTY_UNTIL(receivers_wait(c));
    send_one(c);
    CHECK(!receivers_wait(c));
    goc_chan_free(c);
}

static void buffer_keeps_order(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 3);
    int next = 0;
    int expected = 0;
    for (int round = 0; round < 10; round++) {
        while (goc_chan_len(c) < goc_chan_cap(c)) {
            goc_chan_send(c, &next);
            next++;
        }
        for (int i = 0; i < 2; i++) {
            int value;
            CHECK(goc_chan_recv(c, &value));
            CHECK_EQ(value, expected);
            expected++;
        }
    }
    CHECK_EQ(goc_chan_len(c), 1);
    goc_chan_free(c);
}

struct numbered {
    goc_chan *c;
    int number;
};

static void send_number(void *argument)
{
    struct numbered *n = argument;
    goc_chan_send(n->c, &n->number);
}

/* Senders that wait behind a full buffer are served in the order in which they came. */
static void waiting_senders_keep_order(void)
{
    enum { CAPACITY = 2, SENDERS = 5 };
    goc_chan *c = goc_chan_make(sizeof(int), CAPACITY);
    struct numbered numbers[CAPACITY + SENDERS];
    for (int i = 0; i < CAPACITY + SENDERS; i++) {
        numbers[i] = (struct numbered){c, i};
        if (i < CAPACITY) {
            send_number(&numbers[i]);
        } else {
            party_go(send_number, &numbers[i]);
            PARTY_UNTIL(length_of(&c->senders, &c->lock) == (size_t)(i - CAPACITY + 1));
        }
    }
    for (int i = 0; i < CAPACITY + SENDERS; i++) {
        int value;
        CHECK(goc_chan_recv(c, &value));
        CHECK_EQ(value, i);
    }
    goc_chan_free(c);
}

static void closed_channel_drains_then_says_so(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 4);
    int value = 7;
    goc_chan_send(c, &value);
    goc_chan_send(c, &value);
    goc_chan_close(c);
    value = 0;
    CHECK(goc_chan_recv(c, &value));
    CHECK_EQ(value, 7);
    CHECK(goc_chan_recv(c, NULL));
    for (int i = 0; i < 3; i++) {
        value = 7;
        CHECK(!goc_chan_recv(c, &value));
        CHECK_EQ(value, 0);
    }
    CHECK(!goc_chan_recv(c, NULL));
    goc_chan_free(c);
}

static goc_waitgroup woken;

static void expect_closed(void *c)
{
    int value = 7;
    CHECK(!goc_chan_recv(c, &value));
    CHECK_EQ(value, 0);
    goc_waitgroup_done(&woken);
}

static void close_wakes_every_receiver(void)
{
    enum { RECEIVERS = 20 };
    goc_chan *c = goc_chan_make(sizeof(int), 0);
    goc_waitgroup_add(&woken, RECEIVERS);
    for (int i = 0; i < RECEIVERS; i++)
        party_go(expect_closed, c);
    PARTY_UNTIL(length_of(&c->receivers, &c->lock) == RECEIVERS);
    goc_chan_close(c);
    goc_chan_free(c); /* the woken ones look at it no more */
    goc_waitgroup_wait(&woken);
}

static void close_makes_waiting_sender_panic(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 0);
    party_go(send_one, c);
    PARTY_UNTIL(senders_wait(c));
    goc_chan_close(c);
    for (;;)
        goc_yield();
}

static void send_on_closed(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 1);
    goc_chan_close(c);
    send_one(c);
}

static void close_of_closed(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 1);
    goc_chan_close(c);
    goc_chan_close(c);
}

static void close_of_nil(void)
{
    goc_chan_close(NULL);
}

static void make_too_large(void)
{
    goc_chan_make(8, SIZE_MAX / 4);
}

static void make_negative(void)
{
    goc_chan_make(0, (size_t)-1);
}

static void free_under_a_waiter(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 0);
    party_go(send_one, c);
    PARTY_UNTIL(senders_wait(c));
    goc_chan_free(c);
}

static void nil_is_empty(void)
{
    CHECK_EQ(goc_chan_len(NULL), 0);
    CHECK_EQ(goc_chan_cap(NULL), 0);
    goc_chan_free(NULL);
}

static void recv_from_nil(void)
{
    goc_chan_recv(NULL, NULL);
}

static void send_to_nil(void)
{
    goc_chan_send(NULL, NULL);
}

static void send_empty_elements(void *c)
{
    for (int i = 0; i < 100; i++)
        goc_chan_send(c, NULL);
    goc_chan_close(c);
}

static void elements_without_bytes(void)
{
    for (size_t capacity = 0; capacity < 3; capacity++) {
        goc_chan *c = goc_chan_make(0, capacity);
        party_go(send_empty_elements, c);
        int count = 0;
        while (goc_chan_recv(c, NULL))
            count++;
        CHECK_EQ(count, 100);
        goc_chan_free(c);
    }
}

struct large {
    unsigned char bytes[10007]; /* a prime: no multiple of anything */
};

static void send_large(void *c)
{
    struct large value;
    for (int i = 0; i < 20; i++) {
        memset(value.bytes, i, sizeof value.bytes);
        goc_chan_send(c, &value);
    }
    goc_chan_close(c);
}

static void elements_of_many_bytes(void)
{
    for (size_t capacity = 0; capacity < 3; capacity++) {
        goc_chan *c = goc_chan_make(sizeof(struct large), capacity);
        party_go(send_large, c);
        struct large value;
        struct large expected;
        for (int i = 0; i < 20; i++) {
            CHECK(goc_chan_recv(c, &value));
            memset(expected.bytes, i, sizeof expected.bytes);
            CHECK(memcmp(&value, &expected, sizeof value) == 0);
        }
        memset(expected.bytes, 0, sizeof expected.bytes);
        CHECK(!goc_chan_recv(c, &value));
        CHECK(memcmp(&value, &expected, sizeof value) == 0);
        goc_chan_free(c);
    }
}

/* Each odd size takes its own way through the copies. */
static void elements_of_every_size(void)
{
    for (size_t size = 1; size <= 40; size++) {
        goc_chan *c = goc_chan_make(size, 2);
        unsigned char sent[40];
        unsigned char got[41];
        for (size_t i = 0; i < size; i++)
            sent[i] = (unsigned char)(i + size);
        memset(got, 0xEE, sizeof got);
        goc_chan_send(c, sent);
        CHECK(goc_chan_recv(c, got));
        CHECK(memcmp(sent, got, size) == 0);
        CHECK_EQ(got[size], 0xEE);
        goc_chan_free(c);
    }
}

/* Whoever completes an operation may free the channel, whatever the other side still does. */
static void free_after_the_last_receive(void)
{
    for (int i = 0; i < 2000; i++) {
        goc_chan *c = goc_chan_make(sizeof(int), (size_t)i % 2);
        party_go(send_one, c);
        recv_one(c);
        goc_chan_free(c);
    }
}

static void free_after_the_last_send(void)
{
    for (int i = 0; i < 2000; i++) {
        goc_chan *c = goc_chan_make(sizeof(int), 0);
        party_go(recv_one, c);
        send_one(c);
        goc_chan_free(c);
    }
}

struct relay {
    goc_chan *from;
    goc_chan *to;
};

static void relay_all(void *argument)
{
    struct relay *r = argument;
    long value;
    while (goc_chan_recv(r->from, &value)) {
        value++;
        goc_chan_send(r->to, &value);
    }
    goc_chan_close(r->to);
}

static void a_chain_of_relays(void)
{
    enum { LENGTH = 100, VALUES = 50 };
    static struct relay relays[LENGTH];
    goc_chan *first = goc_chan_make(sizeof(long), 1);
    goc_chan *last = first;
    for (int i = 0; i < LENGTH; i++) {
        relays[i] = (struct relay){last, goc_chan_make(sizeof(long), (size_t)i % 3)};
        last = relays[i].to;
        party_go(relay_all, &relays[i]);
    }
    for (long i = 0; i < VALUES; i++) {
        goc_chan_send(first, &i);
        long value;
        CHECK(goc_chan_recv(last, &value));
        CHECK_EQ(value, i + LENGTH);
    }
    goc_chan_close(first);
    CHECK(!goc_chan_recv(last, NULL));
    for (int i = 0; i < LENGTH; i++)
        goc_chan_free(relays[i].to);
    goc_chan_free(first);
}

enum { PARTIES = 8, EACH = 2000 };

static goc_waitgroup producing;
static goc_waitgroup consuming;
static unsigned char seen[PARTIES * EACH]; // atomic

static void produce(void *argument)
{
    struct numbered *n = argument;
    for (int i = 0; i < EACH; i++) {
        int value = n->number * EACH + i;
        goc_chan_send(n->c, &value);
    }
    goc_waitgroup_done(&producing);
}

/* What one producer sent, a consumer receives in the order in which it was sent. */
static void consume(void *c)
{
    int last[PARTIES];
    memset(last, -1, sizeof last);
    int value;
    while (goc_chan_recv(c, &value)) {
        CHECK_EQ(exchange_relaxed(&seen[value], 1), 0);
        CHECK(value > last[value / EACH]);
        last[value / EACH] = value;
    }
    goc_waitgroup_done(&consuming);
}

/* Every value arrives exactly once; with THREADS, every other party is a plain thread. */
static void exchange_all(size_t capacity, bool threads)
{
    struct numbered numbers[PARTIES];
    pthread_t started[2 * PARTIES];
    int thread_count = 0;
    goc_chan *c = goc_chan_make(sizeof(int), capacity);
    memset(seen, 0, sizeof seen);
    goc_waitgroup_add(&producing, PARTIES);
    goc_waitgroup_add(&consuming, PARTIES);
    for (int i = 0; i < PARTIES; i++) {
        numbers[i] = (struct numbered){c, i};
        if (threads && i % 2) {
            started[thread_count++] = party_thread(produce, &numbers[i]);
            started[thread_count++] = party_thread(consume, c);
        } else {
            party_go(produce, &numbers[i]);
            party_go(consume, c);
        }
    }
    goc_waitgroup_wait(&producing);
    goc_chan_close(c);
    goc_waitgroup_wait(&consuming);
    for (int i = 0; i < thread_count; i++)
        CHECK_EQ(pthread_join(started[i], NULL), 0);
    for (int i = 0; i < PARTIES * EACH; i++)
        CHECK_EQ(load_relaxed(&seen[i]), 1);
    goc_chan_free(c);
}

static void goroutines_exchange(void)
{
    exchange_all(0, false);
    exchange_all(1, false);
    exchange_all(64, false);
}

static void goroutines_and_threads_exchange(void)
{
    exchange_all(0, true);
    exchange_all(1, true);
    exchange_all(64, true);
}

static const struct isolated_case cases[] = {
    ISOLATED(sender_waits_for_receiver),
    ISOLATED(receiver_waits_for_sender),
    ISOLATED(buffer_keeps_order),
    ISOLATED(waiting_senders_keep_order),
    ISOLATED(closed_channel_drains_then_says_so),
    ISOLATED(close_wakes_every_receiver),
    ISOLATED_PANIC(close_makes_waiting_sender_panic, "panic: send on closed channel"),
    ISOLATED_PANIC(send_on_closed, "panic: send on closed channel"),
    ISOLATED_PANIC(close_of_closed, "panic: close of closed channel"),
    ISOLATED_PANIC(close_of_nil, "panic: close of nil channel"),
    ISOLATED_PANIC(make_too_large, "panic: makechan: size out of range"),
    ISOLATED_PANIC(make_negative, "panic: makechan: size out of range"),
    ISOLATED_PANIC(free_under_a_waiter, "panic: free of channel with waiting goroutines"),
    ISOLATED(nil_is_empty),
    ISOLATED_PANIC(recv_from_nil, "goroutine 1 [chan receive (nil chan)]"),
    ISOLATED_PANIC(send_to_nil, "goroutine 1 [chan send (nil chan)]"),
    ISOLATED(elements_without_bytes),
    ISOLATED(elements_of_many_bytes),
    ISOLATED(elements_of_every_size),
    ISOLATED(free_after_the_last_receive),
    ISOLATED(free_after_the_last_send),
    ISOLATED(a_chain_of_relays),
    ISOLATED(goroutines_exchange),
    ISOLATED(goroutines_and_threads_exchange),
};

ISOLATED_MAIN(cases)
