/* What several parties may rely on at one channel: who wins, in which order, at which moment.
 * The questions are those of the tests of Go's runtime (docs/go-chan-tests.md). */
#include "base/atomic.h"
#include "chan/chan.h"
#include "isolated.h"
#include "party.h"

#include <goc/select.h>
#include <goc/sync.h>

static bool waited_for(goc_chan *c)
{
    return load_acquire(&c->senders.first) || load_acquire(&c->receivers.first);
}

static struct goc_select_case recv_case(goc_chan *c, void *elem)
{
    return (struct goc_select_case){.chan = c, .elem = elem, .op = GOC_SELECT_RECV};
}

static struct goc_select_case send_case(goc_chan *c, void *elem)
{
    return (struct goc_select_case){.chan = c, .elem = elem, .op = GOC_SELECT_SEND};
}

static goc_chan *int_chan(size_t capacity)
{
    return goc_chan_make(sizeof(int), capacity);
}

static void send_int(goc_chan *c, int value)
{
    goc_chan_send(c, &value);
}

static int recv_int(goc_chan *c)
{
    int value;
    CHECK(goc_chan_recv(c, &value));
    return value;
}

/* Every capacity: an empty channel and a full one make wait, one that is neither does not. */
static void recv_one(void *c)
{
    recv_int(c);
}

static void send_zero(void *c)
{
    send_int(c, 0);
}

static void empty_and_full(size_t capacity)
{
    int value = 0;
    goc_chan *c = int_chan(capacity);
    struct goc_select_case recv = recv_case(c, &value);
    struct goc_select_case send = send_case(c, &value);
    party_go(recv_one, c);
    party_go(recv_one, c);
    PARTY_UNTIL(waited_for(c));
    CHECK_EQ(goc_select(&recv, 1, true), -1);
    send_int(c, 0);
    send_int(c, 0);
    PARTY_UNTIL(goc_num_goroutine() == 1);

    for (size_t i = 0; i < capacity; i++) {
        CHECK_EQ(goc_chan_len(c), i);
        send_int(c, (int)i);
    }
    CHECK_EQ(goc_chan_len(c), capacity);
    CHECK_EQ(goc_chan_cap(c), capacity);
    CHECK_EQ(goc_select(&send, 1, true), -1);
    party_go(send_zero, c);
    PARTY_UNTIL(waited_for(c));
    for (size_t i = 0; i < capacity; i++)
        CHECK_EQ(recv_int(c), i);
    CHECK_EQ(recv_int(c), 0);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    goc_chan_free(c);
}

static void every_capacity(void)
{
    for (size_t capacity = 0; capacity < 20; capacity++)
        empty_and_full(capacity);
}

/* A value that was there before close is there for a receive that does not wait. */
static void take_what_is_there(void *argument)
{
    goc_chan **c = (goc_chan **)argument;
    int value;
    struct goc_select_case recv = recv_case(c[0], &value);
    CHECK_EQ(goc_select(&recv, 1, true), 0);
    send_int(c[1], 1);
}

static void close_behind_a_value(void)
{
    for (int i = 0; i < 1000; i++) {
        goc_chan *c[2] = {int_chan(1), int_chan(1)};
        send_int(c[0], 1);
        party_go(take_what_is_there, (void *)c);
        goc_chan_close(c[0]);
        goc_chan_recv(c[0], NULL);
        recv_int(c[1]);
        goc_chan_free(c[0]);
        goc_chan_free(c[1]);
    }
}

/* One of two channels is ready at every moment: a select sees one, never the default. */
struct moment {
    goc_chan *first;
    goc_chan *second;
    goc_chan *done;
};

static void see_one(void *argument)
{
    struct moment *m = argument;
    struct goc_select_case cases[] = {recv_case(m->first, NULL),
                                      recv_case(m->second, NULL)};
    send_int(m->done, goc_select(cases, 2, true));
}

static void one_is_ready(bool closing)
{
    for (int i = 0; i < 1000; i++) {
        struct moment m = {int_chan(1), int_chan(1), int_chan(1)};
        send_int(m.first, 1);
        party_go(see_one, &m);
        if (closing)
            goc_chan_close(m.second);
        else
            send_int(m.second, 1);
        struct goc_select_case recv = recv_case(m.first, NULL);
        goc_select(&recv, 1, true);
        CHECK(recv_int(m.done) >= 0);
        goc_chan_free(m.first);
        goc_chan_free(m.second);
        goc_chan_free(m.done);
    }
}

static void one_moment_of_two_buffers(void)
{
    one_is_ready(false);
}

static void one_moment_of_buffer_and_close(void)
{
    one_is_ready(true);
}

/* Two parties that each send and receive in one select on one channel. */
enum { SELF_ROUNDS = 1000 };

struct self {
    goc_chan *c;
    goc_waitgroup *done;
    int number;
};

static void send_or_recv(void *argument)
{
    struct self *self = argument;
    for (int i = 0; i < SELF_ROUNDS; i++) {
        int out = self->number;
        int in = -1;
        struct goc_select_case cases[] = {send_case(self->c, &out),
                                          recv_case(self->c, &in)};
        bool swapped = self->number == 1 && i % 2;
        if (swapped) {
            struct goc_select_case kept = cases[0];
            cases[0] = cases[1];
            cases[1] = kept;
        }
        int fired = goc_select(cases, 2, false);
        if (cases[fired].op == GOC_SELECT_RECV && goc_chan_cap(self->c) == 0)
            CHECK_EQ(in, 1 - self->number);
    }
    goc_waitgroup_done(self->done);
}

static void select_on_both_ends(void)
{
    for (int buffered = 0; buffered < 2; buffered++) {
        goc_chan *c = int_chan(buffered ? 10 : 0);
        goc_waitgroup done = {0};
        struct self parties[2] = {{c, &done, 0}, {c, &done, 1}};
        goc_waitgroup_add(&done, 2);
        party_go(send_or_recv, &parties[0]);
        party_go(send_or_recv, &parties[1]);
        goc_waitgroup_wait(&done);
        goc_chan_free(c);
    }
}

/* Plain parties and selects over the same channels, each with its own tally, so that every
 * operation finds its partner. */
enum { MIXED_CHANS = 4, MIXED_EACH = 2000 };

static goc_chan *mixed[MIXED_CHANS];
static goc_waitgroup mixing;

static void mixed_plain(void *argument)
{
    int number = *(int *)argument;
    for (int i = 0; i < MIXED_EACH; i++) {
        if (number < MIXED_CHANS)
            send_int(mixed[number], i);
        else
            recv_int(mixed[number - MIXED_CHANS]);
    }
    goc_waitgroup_done(&mixing);
}

static void mixed_select(void *argument)
{
    int op = *(int *)argument;
    int left[MIXED_CHANS];
    int value = 0;
    struct goc_select_case cases[MIXED_CHANS];
    for (int i = 0; i < MIXED_CHANS; i++) {
        left[i] = MIXED_EACH;
        cases[i] = (struct goc_select_case){.chan = mixed[i], .elem = &value, .op = op};
    }
    for (int i = 0; i < MIXED_CHANS * MIXED_EACH; i++) {
        int fired = goc_select(cases, MIXED_CHANS, false);
        if (--left[fired] == 0)
            cases[fired].chan = NULL;
    }
    goc_waitgroup_done(&mixing);
}

static void selects_among_plain_parties(void)
{
    int numbers[2 * MIXED_CHANS];
    int ops[] = {GOC_SELECT_SEND, GOC_SELECT_RECV};
    for (int i = 0; i < MIXED_CHANS; i++)
        mixed[i] = int_chan(i < 2 ? 0 : (size_t)i);
    goc_waitgroup_add(&mixing, 2 * MIXED_CHANS + 2);
    for (int i = 0; i < 2 * MIXED_CHANS; i++) {
        numbers[i] = i;
        party_go(mixed_plain, &numbers[i]);
    }
    party_go(mixed_select, &ops[0]);
    party_go(mixed_select, &ops[1]);
    goc_waitgroup_wait(&mixing);
    for (int i = 0; i < MIXED_CHANS; i++)
        goc_chan_free(mixed[i]);
}

/* Two full buffers among arms that are never ready: each is emptied as often as the other.  Five
 * standard deviations of a binomial distribution of 10,000 trials at 1/2 are 250. */
static void full_buffers_share_evenly(void)
{
    enum { TRIALS = 10000, MARGIN = 250 };
    goc_chan *chans[4] = {int_chan(0), int_chan(TRIALS), int_chan(0), int_chan(TRIALS)};
    int taken[4] = {0};
    for (int i = 0; i < TRIALS; i++) {
        send_int(chans[1], 1);
        send_int(chans[3], 3);
    }
    for (int i = 0; i < TRIALS; i++) {
        int value;
        struct goc_select_case cases[4];
        for (int arm = 0; arm < 4; arm++)
            cases[arm] = recv_case(chans[arm], &value);
        int fired = goc_select(cases, 4, false);
        CHECK_EQ(value, fired);
        taken[fired]++;
    }
    CHECK(taken[1] > TRIALS / 2 - MARGIN);
    CHECK(taken[3] > TRIALS / 2 - MARGIN);
    for (int i = 0; i < 4; i++)
        goc_chan_free(chans[i]);
}

/* Two send arms on one channel, both ready whenever one is: the receiver sees both values, in
 * about equal parts; a tenth each cannot be missed by chance (2^-60). */
struct listener {
    goc_chan *c;
    goc_chan *done;
    int ones;
};

enum { LISTENED = 200 };

static void listen_to(void *argument)
{
    struct listener *l = argument;
    for (int i = 0; i < LISTENED; i++) {
        goc_yield();
        l->ones += recv_int(l->c);
    }
    send_int(l->done, 1);
}

static void equal_arms_are_drawn_by_lot(void)
{
    for (int buffered = 0; buffered < 2; buffered++) {
        struct listener l = {int_chan(buffered ? LISTENED : 0), int_chan(0), 0};
        int zero = 0;
        int one = 1;
        party_go(listen_to, &l);
        for (int i = 0; i < LISTENED; i++) {
            struct goc_select_case cases[] = {send_case(l.c, &one),
                                              send_case(l.c, &zero)};
            goc_select(cases, 2, false);
        }
        recv_int(l.done);
        CHECK(l.ones > LISTENED / 10);
        CHECK(l.ones < LISTENED - LISTENED / 10);
        goc_chan_free(l.c);
        goc_chan_free(l.done);
    }
}

/* Many workers between a feeder and a collector; some step aside now and then. */
enum { WORKERS = 23, JOBS = 20000 };

static goc_chan *jobs;
static goc_chan *results;
static goc_waitgroup working;

static void work(void *argument)
{
    int number = *(int *)argument;
    int value;
    while (goc_chan_recv(jobs, &value)) {
        if (value % WORKERS == number)
            goc_yield();
        send_int(results, value);
    }
    goc_waitgroup_done(&working);
}

static void feed(void *unused)
{
    (void)unused;
    for (int i = 0; i < JOBS; i++)
        send_int(jobs, i);
    goc_chan_close(jobs);
    goc_waitgroup_wait(&working);
    goc_chan_close(results);
}

static void every_job_is_done_once(void)
{
    static unsigned char seen[JOBS];
    int numbers[WORKERS];
    jobs = int_chan(3UL * WORKERS);
    results = int_chan(3UL * WORKERS);
    goc_waitgroup_add(&working, WORKERS);
    for (int i = 0; i < WORKERS; i++) {
        numbers[i] = i;
        party_go(work, &numbers[i]);
    }
    party_go(feed, NULL);
    int count = 0;
    int value;
    while (goc_chan_recv(results, &value)) {
        CHECK_EQ(seen[value]++, 0);
        count++;
    }
    CHECK_EQ(count, JOBS);
    goc_chan_free(jobs);
    goc_chan_free(results);
}

/* A select that stands twice in one queue and wins elsewhere takes both its places along, and
 * only those. */
struct thrice {
    goc_chan *c;
    goc_chan *d;
    goc_chan *done;
};

static void stand_twice(void *argument)
{
    struct thrice *t = argument;
    struct goc_select_case cases[] = {recv_case(t->c, NULL), recv_case(t->c, NULL),
                                      recv_case(t->d, NULL)};
    CHECK_EQ(goc_select(cases, 3, false), 2);
    send_int(t->done, 9);
}

static void recv_eight(void *argument)
{
    struct thrice *t = argument;
    CHECK_EQ(recv_int(t->c), 8);
    send_int(t->done, 8);
}

static bool waiting_receivers_are(goc_chan *c, size_t count)
{
    size_t waiting = 0;
    goc__lock(&c->lock);
    for (struct chan_waiter *w = c->receivers.first; w != NULL; w = w->next)
        waiting++;
    goc__unlock(&c->lock);
    return waiting == count;
}

static void a_select_twice_in_a_queue(void)
{
    for (int i = 0; i < 200; i++) {
        struct thrice t = {int_chan(0), int_chan(0), int_chan(0)};
        party_go(stand_twice, &t);
        PARTY_UNTIL(waiting_receivers_are(t.c, 2));
        party_go(recv_eight, &t);
        PARTY_UNTIL(waiting_receivers_are(t.c, 3));
        send_int(t.d, 7);
        CHECK_EQ(recv_int(t.done), 9);
        send_int(t.c, 8);
        CHECK_EQ(recv_int(t.done), 8);
        goc_chan_free(t.c);
        goc_chan_free(t.d);
        goc_chan_free(t.done);
    }
}

/* Close finds waiters of all kinds: plain receives, selects, a select on both ends. */
static void wait_as_select(void *argument)
{
    struct thrice *t = argument;
    int value = 1;
    struct goc_select_case cases[] = {recv_case(t->c, &value), recv_case(t->d, NULL)};
    CHECK_EQ(goc_select(cases, 2, false), 0);
    CHECK(!cases[0].ok);
    CHECK_EQ(value, 0);
    send_int(t->done, 1);
}

static void wait_plainly(void *argument)
{
    struct thrice *t = argument;
    CHECK(!goc_chan_recv(t->c, NULL));
    send_int(t->done, 1);
}

static void close_wakes_waiters_of_every_kind(void)
{
    for (int i = 0; i < 200; i++) {
        struct thrice t = {int_chan(0), int_chan(0), int_chan(0)};
        party_go(wait_as_select, &t);
        party_go(wait_plainly, &t);
        party_go(wait_as_select, &t);
        if (i % 2)
            PARTY_UNTIL(waiting_receivers_are(t.c, 3));
        goc_chan_close(t.c);
        for (int n = 0; n < 3; n++)
            recv_int(t.done);
        goc_chan_free(t.c);
        goc_chan_free(t.d);
        goc_chan_free(t.done);
    }
}

static const struct isolated_case cases[] = {
    ISOLATED(every_capacity),
    ISOLATED(close_behind_a_value),
    ISOLATED(one_moment_of_two_buffers),
    ISOLATED(one_moment_of_buffer_and_close),
    ISOLATED(select_on_both_ends),
    ISOLATED(selects_among_plain_parties),
    ISOLATED(full_buffers_share_evenly),
    ISOLATED(equal_arms_are_drawn_by_lot),
    ISOLATED(every_job_is_done_once),
    ISOLATED(a_select_twice_in_a_queue),
    ISOLATED(close_wakes_waiters_of_every_kind),
};

ISOLATED_MAIN(cases)
