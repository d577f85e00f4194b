/* Selects between plain threads; the order in which a select tries its arms is a decision too. */
#include "base/atomic.h"
#include "model.h"

#include <goc/chan.h>
#include <goc/select.h>

static goc_chan *a;
static goc_chan *b;
static int letter; /* plain: written before a send, read after its receive */

static struct goc_select_case recv_case(goc_chan *c, int *into)
{
    return (struct goc_select_case){.chan = c, .elem = into, .op = GOC_SELECT_RECV};
}

static struct goc_select_case send_case(goc_chan *c, int *from)
{
    return (struct goc_select_case){.chan = c, .elem = from, .op = GOC_SELECT_SEND};
}

static void make(size_t capacity)
{
    a = goc_chan_make(sizeof(int), capacity);
    b = goc_chan_make(sizeof(int), capacity);
}

static void free_both(void)
{
    goc_chan_free(a);
    goc_chan_free(b);
}

static void send_to(void *c)
{
    int value = 7;
    letter = 7;
    goc_chan_send(c, &value);
}

static int recv_either(void)
{
    int value = 0;
    struct goc_select_case cases[] = {recv_case(a, &value), recv_case(b, &value)};
    int fired = goc_select(cases, 2, false);
    MODEL_CHECK(value == (cases[fired].ok ? 7 : 0));
    return fired;
}

static void select_one(void *unused)
{
    (void)unused;
    recv_either();
    MODEL_CHECK(letter == 7);
}

static void one_sender(void)
{
    make(0);
    model_thread(select_one, NULL);
    model_thread(send_to, model_choose(2) ? a : b);
    model_join();
    free_both();
}

static void send_plain_to(void *c)
{
    int value = 7;
    goc_chan_send(c, &value);
}

static void select_both(void *unused)
{
    (void)unused;
    MODEL_CHECK(recv_either() + recv_either() == 1);
}

static void two_senders(void)
{
    make(0);
    model_thread(select_both, NULL);
    model_thread(send_plain_to, a);
    model_thread(send_plain_to, b);
    model_join();
    free_both();
}

/* Two selects with the arms of each in the other's order: one sends, one receives. */
static void select_sends(void *unused)
{
    (void)unused;
    int value = 7;
    letter = 7;
    struct goc_select_case cases[] = {send_case(b, &value), send_case(a, &value)};
    goc_select(cases, 2, false);
}

static void selects_cross(void)
{
    make(0);
    model_thread(select_one, NULL);
    model_thread(select_sends, NULL);
    model_join();
    free_both();
}

/* Both ends of one channel in each select: they meet each other, not themselves. */
static uint32_t sent;     // atomic
static uint32_t received; // atomic

static void select_ends(void *unused)
{
    (void)unused;
    int out = 7;
    int in = 0;
    struct goc_select_case cases[] = {send_case(a, &out), recv_case(a, &in)};
    if (goc_select(cases, 2, false) == 0)
        fetch_add_relaxed(&sent, 1u);
    else
        fetch_add_relaxed(&received, in == 7 ? 1u : 0u);
}

static void both_ends(void)
{
    make(0);
    model_thread(select_ends, NULL);
    model_thread(select_ends, NULL);
    model_join();
    MODEL_CHECK(load_relaxed(&sent) == 1);
    MODEL_CHECK(load_relaxed(&received) == 1);
    free_both();
}

/* A token is in a or in b at every moment but inside one's hands: moved by a sender that fills b
 * before it empties a.  A select with a default sees one. */
static void move(void *unused)
{
    (void)unused;
    int value = 7;
    goc_chan_send(b, &value);
    struct goc_select_case recv = recv_case(a, &value);
    goc_select(&recv, 1, true);
}

static void see_one(void *unused)
{
    (void)unused;
    int value;
    struct goc_select_case cases[] = {recv_case(a, &value), recv_case(b, &value)};
    MODEL_CHECK(goc_select(cases, 2, true) >= 0);
}

static void default_is_true(void)
{
    make(1);
    int value = 7;
    goc_chan_send(a, &value);
    model_thread(move, NULL);
    model_thread(see_one, NULL);
    model_join();
    free_both();
}

static void close_b(void *unused)
{
    (void)unused;
    letter = 7;
    goc_chan_close(b);
}

static void select_closed(void *unused)
{
    (void)unused;
    MODEL_CHECK(recv_either() == 1);
    MODEL_CHECK(letter == 7);
}

static void close_under_a_select(void)
{
    make(0);
    model_thread(select_closed, NULL);
    model_thread(close_b, NULL);
    model_join();
    free_both();
}

/* Whoever completes one arm may free the channels of the others. */
static void send_and_free(void *unused)
{
    (void)unused;
    send_to(a);
    goc_chan_free(b);
}

static void free_what_lost(void)
{
    make(0);
    model_thread(select_one, NULL);
    model_thread(send_and_free, NULL);
    model_join();
    goc_chan_free(a);
}

/* What was won elsewhere is dropped from b's queue while the select goes on, and b freed: the
 * select neither comes by at b nor is its block, which it frees, touched any more. */
enum { MANY = 9 };

static void select_of_many(void *unused)
{
    (void)unused;
    int value = 0;
    struct goc_select_case cases[MANY];
    for (int i = 0; i < MANY; i++)
        cases[i] = recv_case(i == 0 ? a : i == MANY - 1 ? b : NULL, &value);
    MODEL_CHECK(goc_select(cases, MANY, false) == 0);
    MODEL_CHECK(value == 7);
}

static void select_two(void *unused)
{
    (void)unused;
    MODEL_CHECK(recv_either() == 0);
}

static void try_b(void)
{
    int value = 8;
    struct goc_select_case send = send_case(b, &value);
    MODEL_CHECK(goc_select(&send, 1, true) == -1);
}

static void send_drop_free(void *unused)
{
    (void)unused;
    send_plain_to(a);
    try_b();
    goc_chan_free(b);
}

static void dropped_of_many(void)
{
    make(0);
    model_thread(select_of_many, NULL);
    model_thread(send_drop_free, NULL);
    model_join();
    goc_chan_free(a);
}

static void dropped_of_two(void)
{
    make(0);
    model_thread(select_two, NULL);
    model_thread(send_drop_free, NULL);
    model_join();
    goc_chan_free(a);
}

/* The same with a select that waits in more queues, of which only one lets it go. */
static goc_chan *d;

static void select_three(void *unused)
{
    (void)unused;
    int value = 0;
    struct goc_select_case cases[] = {recv_case(a, &value), recv_case(b, &value),
                                      recv_case(d, &value)};
    MODEL_CHECK(goc_select(cases, 3, false) == 0);
}

static void send_drop_free_two(void *unused)
{
    send_drop_free(unused);
    goc_chan_free(d);
}

static void dropped_of_three(void)
{
    make(0);
    d = goc_chan_make(sizeof(int), 0);
    model_thread(select_three, NULL);
    model_thread(send_drop_free_two, NULL);
    model_join();
    goc_chan_free(a);
}

int main(void)
{
    model_explore("select: one sender", one_sender, 2, 1);
    model_explore("select: two senders", two_senders, 1, 0);
    model_explore("select: two selects cross", selects_cross, 1, 1);
    model_explore("select: both ends of a channel", both_ends, 1, 1);
    model_explore("select: a default is true", default_is_true, 2, 1);
    model_explore("select: closed while it waits", close_under_a_select, 2, 1);
    model_explore("select: what lost is freed", free_what_lost, 1, 1);
    model_explore("select: dropped, of two", dropped_of_two, 1, 1);
    model_explore("select: dropped, of three", dropped_of_three, 1, 0);
    model_explore("select: dropped, of many", dropped_of_many, 1, 1);
    model_random("select: two senders", two_senders, 5, 3000);
    model_random("select: two selects cross", selects_cross, 5, 3000);
    model_random("select: both ends of a channel", both_ends, 5, 3000);
    model_random("select: what lost is freed", free_what_lost, 5, 3000);
    model_random("select: dropped, of two", dropped_of_two, 5, 3000);
    model_random("select: dropped, of three", dropped_of_three, 5, 3000);
    model_random("select: dropped, of many", dropped_of_many, 5, 3000);
}
