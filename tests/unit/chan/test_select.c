/* Select: which arm fires, when none does, and what becomes of the arms that do not. */
#include "base/atomic.h"
#include "chan/chan.h"
#include "isolated.h"
#include "party.h"

#include <goc/go.h>
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

static void default_where_none_is_ready(void)
{
    goc_chan *a = goc_chan_make(sizeof(int), 1);
    goc_chan *b = goc_chan_make(sizeof(int), 0);
    int value = 5;
    int untouched = 9;
    struct goc_select_case cases[] = {recv_case(a, &untouched), send_case(b, &value),
                                      recv_case(NULL, &untouched),
                                      send_case(NULL, &value)};
    for (size_t count = 0; count <= 4; count++)
        CHECK_EQ(goc_select(cases, count, true), -1);
    CHECK_EQ(goc_select(&cases[1], 1, true), -1);
    CHECK_EQ(goc_select(&cases[2], 1, true), -1);
    CHECK_EQ(untouched, 9);
    goc_chan_free(a);
    goc_chan_free(b);
}

static void the_ready_arm_fires(void)
{
    goc_chan *a = goc_chan_make(sizeof(int), 1);
    goc_chan *b = goc_chan_make(sizeof(int), 1);
    int into_a = 0;
    int into_b = 0;
    for (int i = 0; i < 100; i++) {
        struct goc_select_case cases[] = {recv_case(a, &into_a), recv_case(b, &into_b)};
        send_int(i % 2 ? b : a, i);
        CHECK_EQ(goc_select(cases, 2, i % 3 == 0), i % 2);
        CHECK_EQ(i % 2 ? into_b : into_a, i);
        CHECK(cases[i % 2].ok);
    }
    goc_chan_free(a);
    goc_chan_free(b);
}

static void one_case_is_a_plain_operation(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 1);
    int value = 3;
    struct goc_select_case send = send_case(c, &value);
    struct goc_select_case recv = recv_case(c, &value);
    CHECK_EQ(goc_select(&send, 1, false), 0);
    CHECK_EQ(goc_select(&send, 1, true), -1);
    value = 0;
    CHECK_EQ(goc_select(&recv, 1, false), 0);
    CHECK_EQ(value, 3);
    CHECK(recv.ok);
    CHECK_EQ(goc_select(&send, 1, true), 0);
    CHECK_EQ(goc_select(&recv, 1, true), 0);
    goc_chan_close(c);
    CHECK_EQ(goc_select(&recv, 1, true), 0);
    CHECK(!recv.ok);
    CHECK_EQ(goc_select(&recv, 1, false), 0);
    CHECK(!recv.ok);
    goc_chan_free(c);
}

static void send_eight(void *c)
{
    send_int(c, 8);
}

static void receive_nine(void *c)
{
    CHECK_EQ(recv_int(c), 9);
}

/* Of one case and a default compilers may answer for the library: whom it would meet counts. */
static void one_case_meets_who_waits(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 0);
    int value = 9;
    struct goc_select_case send = send_case(c, &value);
    struct goc_select_case recv = recv_case(c, &value);
    party_go(send_eight, c);
    PARTY_UNTIL(waited_for(c));
    CHECK_EQ(goc_select(&send, 1, true), -1);
    CHECK_EQ(goc_select(&recv, 1, true), 0);
    CHECK_EQ(value, 8);
    party_go(receive_nine, c);
    PARTY_UNTIL(waited_for(c));
    CHECK_EQ(goc_select(&recv, 1, true), -1);
    value = 9;
    CHECK_EQ(goc_select(&send, 1, true), 0);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    goc_chan_free(c);
}

static void closed_arms_fire(void)
{
    goc_chan *a = goc_chan_make(sizeof(int), 0);
    goc_chan *b = goc_chan_make(sizeof(int), 0);
    goc_chan_close(b);
    int value = 7;
    struct goc_select_case cases[] = {recv_case(a, NULL), recv_case(b, &value)};
    CHECK_EQ(goc_select(cases, 2, false), 1);
    CHECK(!cases[1].ok);
    CHECK_EQ(value, 0);
    goc_chan_free(a);
    goc_chan_free(b);
}

static void send_arm_of_closed(void)
{
    goc_chan *a = goc_chan_make(sizeof(int), 0);
    goc_chan *b = goc_chan_make(sizeof(int), 0);
    goc_chan_close(b);
    int value = 7;
    struct goc_select_case cases[] = {recv_case(a, NULL), send_case(b, &value)};
    goc_select(cases, 2, true);
}

/* Four arms that are always ready: each is taken a quarter of the time.  Five standard
 * deviations of a binomial distribution of 40,000 trials at 1/4 are 433. */
static void ready_arms_share_evenly(void)
{
    enum { ARMS = 4, TRIALS = 40000, MARGIN = 433 };
    goc_chan *chans[ARMS];
    int counts[ARMS] = {0};
    struct goc_select_case cases[ARMS];
    for (int i = 0; i < ARMS; i++) {
        chans[i] = goc_chan_make(sizeof(int), 1);
        goc_chan_close(chans[i]);
        cases[i] = recv_case(chans[i], NULL);
    }
    for (int i = 0; i < TRIALS; i++)
        counts[goc_select(cases, ARMS, false)]++;
    for (int i = 0; i < ARMS; i++) {
        CHECK(counts[i] > TRIALS / ARMS - MARGIN);
        CHECK(counts[i] < TRIALS / ARMS + MARGIN);
        goc_chan_free(chans[i]);
    }
}

struct pair {
    goc_chan *a;
    goc_chan *b;
    goc_chan *done;
};

static void recv_from_either(void *argument)
{
    struct pair *p = argument;
    int value = 0;
    struct goc_select_case cases[] = {recv_case(p->a, &value), recv_case(p->b, &value)};
    int index = goc_select(cases, 2, false);
    CHECK(cases[index].ok);
    send_int(p->done, value * 10 + index);
}

static void send_to_either(void *argument)
{
    struct pair *p = argument;
    int value = 4;
    struct goc_select_case cases[] = {send_case(p->a, &value), send_case(p->b, &value)};
    send_int(p->done, goc_select(cases, 2, false));
}

static struct pair pair_make(void)
{
    return (struct pair){goc_chan_make(sizeof(int), 0), goc_chan_make(sizeof(int), 0),
                         goc_chan_make(sizeof(int), 1)};
}

static void pair_free(struct pair p)
{
    goc_chan_free(p.a);
    goc_chan_free(p.b);
    goc_chan_free(p.done);
}

static void waiting_select_receives(void)
{
    struct pair p = pair_make();
    for (int i = 0; i < 200; i++) {
        party_go(recv_from_either, &p);
        if (i % 2)
            PARTY_UNTIL(waited_for(p.a) && waited_for(p.b));
        send_int(i % 3 ? p.b : p.a, i);
        CHECK_EQ(recv_int(p.done), i * 10 + (i % 3 ? 1 : 0));
    }
    CHECK(!waited_for(p.a));
    CHECK(!waited_for(p.b));
    pair_free(p);
}

static void waiting_select_sends(void)
{
    struct pair p = pair_make();
    for (int i = 0; i < 200; i++) {
        party_go(send_to_either, &p);
        if (i % 2)
            PARTY_UNTIL(waited_for(p.a) && waited_for(p.b));
        CHECK_EQ(recv_int(i % 3 ? p.b : p.a), 4);
        CHECK_EQ(recv_int(p.done), i % 3 ? 1 : 0);
    }
    pair_free(p);
}

static void recv_closed_from_either(void *argument)
{
    struct pair *p = argument;
    int value = 7;
    struct goc_select_case cases[] = {recv_case(p->a, &value), recv_case(p->b, &value)};
    int index = goc_select(cases, 2, false);
    CHECK(!cases[index].ok);
    CHECK_EQ(value, 0);
    send_int(p->done, index);
}

static void close_wakes_a_waiting_select(void)
{
    struct pair p = pair_make();
    party_go(recv_closed_from_either, &p);
    PARTY_UNTIL(waited_for(p.b));
    goc_chan_close(p.b);
    CHECK_EQ(recv_int(p.done), 1);
    pair_free(p);
}

static void close_under_a_waiting_send_arm(void)
{
    struct pair p = pair_make();
    party_go(send_to_either, &p);
    PARTY_UNTIL(waited_for(p.b));
    goc_chan_close(p.b);
    recv_int(p.done);
}

static void recv_five_from_either(void *argument)
{
    struct pair *p = argument;
    int value = 0;
    struct goc_select_case cases[] = {recv_case(p->a, &value), recv_case(p->b, &value)};
    int index = goc_select(cases, 2, false);
    CHECK_EQ(value, 5);
    send_int(p->done, index);
}

/* Of two arms the nil one is passed over, wherever it stands. */
static void waiting_select_has_a_nil_arm(void)
{
    struct pair p = pair_make();
    for (int live = 0; live < 2; live++) {
        struct pair beside = {live ? NULL : p.a, live ? p.b : NULL, p.done};
        goc_chan *c = live ? p.b : p.a;
        party_go(recv_five_from_either, &beside);
        PARTY_UNTIL(waited_for(c));
        send_int(c, 5);
        CHECK_EQ(recv_int(p.done), live);
        CHECK(!waited_for(c));
    }
    pair_free(p);
}

/* Two arms that wait on one channel: neither is preferred. */
static void waiting_arms_share_evenly(void)
{
    enum { ROUNDS = 2000 };
    struct pair p = pair_make();
    struct pair same = {p.a, p.a, p.done};
    int chosen[2] = {0};
    for (int i = 0; i < ROUNDS; i++) {
        party_go(recv_five_from_either, &same);
        PARTY_UNTIL(waited_for(p.a));
        send_int(p.a, 5);
        chosen[recv_int(p.done)]++;
    }
    CHECK(chosen[0] > ROUNDS / 2 - ROUNDS / 10); /* the deviation is 22 */
    CHECK(chosen[1] > ROUNDS / 2 - ROUNDS / 10);
    CHECK(!waited_for(p.a));
    pair_free(p);
}

static void no_arms(void)
{
    goc_select(NULL, 0, false);
}

static void only_nil_arms(void)
{
    int value;
    struct goc_select_case cases[] = {recv_case(NULL, &value), send_case(NULL, &value)};
    goc_select(cases, 2, false);
}

/* A select that sends and receives on one channel does not meet itself. */
static void alone_with_itself(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 0);
    int value = 1;
    struct goc_select_case cases[] = {recv_case(c, &value), send_case(c, &value)};
    goc_select(cases, 2, false);
}

static void both_ways(void *argument)
{
    struct pair *p = argument;
    int out = 1;
    int in = 0;
    struct goc_select_case cases[] = {recv_case(p->a, &in), send_case(p->a, &out)};
    send_int(p->done, goc_select(cases, 2, false));
}

static void two_of_its_kind_meet(void)
{
    struct pair p = pair_make();
    for (int i = 0; i < 200; i++) {
        party_go(both_ways, &p);
        party_go(both_ways, &p);
        CHECK_EQ(recv_int(p.done) + recv_int(p.done), 1); /* one received, one sent */
    }
    pair_free(p);
}

/* The same channel in many arms: locked once, waited on in each. */
static void send_soon(void *argument)
{
    struct pair *p = argument;
    PARTY_UNTIL(waited_for(p->a));
    send_int(p->a, 42);
    send_int(p->a, 43);
}

static void many_arms_of_one_channel(void)
{
    enum { ARMS = 6 };
    struct pair p = pair_make();
    struct goc_select_case cases[ARMS];
    int values[ARMS] = {0};
    for (int i = 0; i < ARMS; i++)
        cases[i] = recv_case(p.a, &values[i]);
    party_go(send_soon, &p);
    for (int expected = 42; expected <= 43; expected++) {
        int index = goc_select(cases, ARMS, false);
        CHECK_EQ(values[index], expected);
        values[index] = 0;
        for (int i = 0; i < ARMS; i++)
            CHECK_EQ(values[i], 0);
    }
    CHECK(!waited_for(p.a));
    pair_free(p);
}

static void send_to_last(void *argument)
{
    goc_chan **chans = (goc_chan **)argument;
    PARTY_UNTIL(waited_for(chans[0]));
    send_int(chans[0], 11);
}

/* More arms than stand on the stack, up to Go's limit. */
static void very_many_arms(void)
{
    enum { ARMS = 65535 };
    static goc_chan *chans[ARMS];
    static struct goc_select_case cases[ARMS];
    int value = 0;
    for (int i = 0; i < ARMS; i++) {
        chans[i] = goc_chan_make(sizeof(int), 0);
        cases[i] = recv_case(chans[i], &value);
    }
    CHECK_EQ(goc_select(cases, ARMS, true), -1);
    party_go(send_to_last, (void *)(chans + 54321));
    CHECK_EQ(goc_select(cases, ARMS, false), 54321);
    CHECK_EQ(value, 11);
    for (int i = 0; i < ARMS; i++)
        goc_chan_free(chans[i]);
}

static void too_many_arms(void)
{
    static struct goc_select_case cases[65536];
    goc_select(cases, 65536, true);
}

/* A token moves between a and b and never is in neither: the default is never the truth. */
static uint32_t moving; // atomic

static void move_token(void *argument)
{
    struct pair *p = argument;
    for (int i = 0; i < 20000; i++) {
        send_int(i % 2 ? p->a : p->b, 1);
        recv_int(i % 2 ? p->b : p->a);
    }
    store_release(&moving, 0);
}

static void default_is_the_truth_of_one_moment(void)
{
    struct pair p = {goc_chan_make(sizeof(int), 4), goc_chan_make(sizeof(int), 4), NULL};
    send_int(p.a, 1);
    store_release(&moving, 1);
    party_go(move_token, &p);
    while (load_acquire(&moving)) {
        int value;
        struct goc_select_case cases[] = {recv_case(p.a, &value), recv_case(p.b, &value)};
        int index = goc_select(cases, 2, true);
        CHECK(index >= 0);
        send_int(cases[index].chan, value);
        goc_yield();
    }
    goc_chan_free(p.a);
    goc_chan_free(p.b);
}

/* Who completes a select's arm may free the channels of its other arms at once: the select
 * has yet to leave them. */
static void free_the_arms_that_lost(void)
{
    for (int i = 0; i < 2000; i++) {
        struct pair p = pair_make();
        party_go(recv_from_either, &p);
        if (i % 2)
            PARTY_UNTIL(waited_for(p.a) && waited_for(p.b));
        send_int(p.a, 1);
        if (i % 4 == 1)
            goc_chan_close(p.b);
        goc_chan_free(p.b);
        goc_chan_free(p.a);
        recv_int(p.done);
        goc_chan_free(p.done);
    }
}

enum { CHANS = 4, PARTIES = 8, EACH = 1000 };

static goc_chan *mesh[CHANS];
static goc_waitgroup producing;
static goc_waitgroup consuming;
static unsigned char seen[PARTIES * EACH]; // atomic

/* The arms in another order for each party, so that only the order of locks avoids a
 * deadlock. */
static void mesh_produce(void *argument)
{
    int number = *(int *)argument;
    for (int i = 0; i < EACH; i++) {
        int value = number * EACH + i;
        struct goc_select_case cases[CHANS];
        for (int arm = 0; arm < CHANS; arm++)
            cases[arm] = send_case(mesh[(arm * 3 + number) % CHANS], &value);
        while (goc_select(cases, CHANS, i % 2) < 0)
            goc_yield();
    }
    goc_waitgroup_done(&producing);
}

static void mesh_consume(void *argument)
{
    int number = *(int *)argument;
    int open = CHANS;
    goc_chan *chans[CHANS];
    for (int arm = 0; arm < CHANS; arm++)
        chans[arm] = mesh[(arm + number) % CHANS];
    while (open > 0) {
        int values[CHANS];
        struct goc_select_case cases[CHANS];
        for (int arm = 0; arm < CHANS; arm++)
            cases[arm] = recv_case(chans[arm], &values[arm]);
        int index = goc_select(cases, CHANS, false);
        if (cases[index].ok) {
            CHECK_EQ(exchange_relaxed(&seen[values[index]], 1), 0);
        } else {
            chans[index] = NULL;
            open--;
        }
    }
    goc_waitgroup_done(&consuming);
}

static void mesh_of(bool threads)
{
    int numbers[PARTIES];
    pthread_t started[2 * PARTIES];
    int thread_count = 0;
    for (int i = 0; i < CHANS; i++)
        mesh[i] = goc_chan_make(sizeof(int), (size_t)i % 3);
    goc_waitgroup_add(&producing, PARTIES);
    goc_waitgroup_add(&consuming, PARTIES);
    for (int i = 0; i < PARTIES; i++) {
        numbers[i] = i;
        if (threads && i % 2) {
            started[thread_count++] = party_thread(mesh_produce, &numbers[i]);
            started[thread_count++] = party_thread(mesh_consume, &numbers[i]);
        } else {
            party_go(mesh_produce, &numbers[i]);
            party_go(mesh_consume, &numbers[i]);
        }
    }
    goc_waitgroup_wait(&producing);
    for (int i = 0; i < CHANS; i++)
        goc_chan_close(mesh[i]);
    goc_waitgroup_wait(&consuming);
    for (int i = 0; i < thread_count; i++)
        CHECK_EQ(pthread_join(started[i], NULL), 0);
    for (int i = 0; i < PARTIES * EACH; i++)
        CHECK_EQ(load_relaxed(&seen[i]), 1);
    for (int i = 0; i < CHANS; i++)
        goc_chan_free(mesh[i]);
}

static void selects_cross(void)
{
    mesh_of(false);
}

static void selects_cross_between_threads(void)
{
    mesh_of(true);
}

static const struct isolated_case cases[] = {
    ISOLATED(default_where_none_is_ready),
    ISOLATED(the_ready_arm_fires),
    ISOLATED(one_case_is_a_plain_operation),
    ISOLATED(one_case_meets_who_waits),
    ISOLATED(closed_arms_fire),
    ISOLATED_PANIC(send_arm_of_closed, "panic: send on closed channel"),
    ISOLATED(ready_arms_share_evenly),
    ISOLATED(waiting_select_receives),
    ISOLATED(waiting_select_sends),
    ISOLATED(close_wakes_a_waiting_select),
    ISOLATED_PANIC(close_under_a_waiting_send_arm, "panic: send on closed channel"),
    ISOLATED(waiting_select_has_a_nil_arm),
    ISOLATED(waiting_arms_share_evenly),
    ISOLATED_PANIC(no_arms, "goroutine 1 [select (no cases)]"),
    ISOLATED_PANIC(only_nil_arms, "goroutine 1 [select (no cases)]"),
    ISOLATED_PANIC(alone_with_itself, "goroutine 1 [select]"),
    ISOLATED(two_of_its_kind_meet),
    ISOLATED(many_arms_of_one_channel),
    ISOLATED(very_many_arms),
    ISOLATED_PANIC(too_many_arms, "panic: select: 65536 cases, more than 65535"),
    ISOLATED(default_is_the_truth_of_one_moment),
    ISOLATED(free_the_arms_that_lost),
    ISOLATED(selects_cross),
    ISOLATED(selects_cross_between_threads),
};

ISOLATED_MAIN(cases)
