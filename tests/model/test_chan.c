/* Channels between plain threads: send, receive and close of two or three parties.  An element is
 * the address of plain memory, so that what a send orders is asked with each element. */
#include "chan/chan.h"
#include "model.h"

#include <goc/chan.h>
#include <goc/select.h>

enum { LETTERS = 4 };

static goc_chan *c;
static int letters[LETTERS]; /* plain: written before its send, read after its receive */

static void send_letter(int number)
{
    int *letter = &letters[number];
    *letter = number + 1;
    goc_chan_send(c, (void *)&letter);
}

static int recv_letter(void)
{
    int *letter = NULL;
    if (!goc_chan_recv(c, (void *)&letter))
        return 0;
    MODEL_CHECK(*letter == (int)(letter - letters) + 1);
    return *letter;
}

static void send_from(void *first)
{
    for (int i = 0; i < 2; i++)
        send_letter((int)(uintptr_t)first + i);
}

static void send_one(void *number)
{
    send_letter((int)(uintptr_t)number);
}

static void recv_one(void *unused)
{
    (void)unused;
    int got = recv_letter();
    MODEL_CHECK(got > 0);
}

static void recv_any_two(void *unused)
{
    recv_one(unused);
    recv_one(unused);
}

/* In order, as there is one sender. */
static void recv_two(void *unused)
{
    (void)unused;
    MODEL_CHECK(recv_letter() == 1);
    MODEL_CHECK(recv_letter() == 2);
}

static void unbuffered(void)
{
    c = goc_chan_make(sizeof(int *), 0);
    model_thread(send_from, (void *)0);
    model_thread(recv_two, NULL);
    model_join();
    goc_chan_free(c);
}

static void buffered(void)
{
    c = goc_chan_make(sizeof(int *), 1);
    model_thread(send_from, (void *)0);
    model_thread(recv_two, NULL);
    model_join();
    goc_chan_free(c);
}

static void two_senders_on(size_t capacity)
{
    c = goc_chan_make(sizeof(int *), capacity);
    model_thread(send_one, (void *)0);
    model_thread(send_one, (void *)1);
    model_thread(recv_any_two, NULL);
    model_join();
    goc_chan_free(c);
}

static void two_senders_unbuffered(void)
{
    two_senders_on(0);
}

static void two_senders_buffered(void)
{
    two_senders_on(1);
}

/* Close: what was written before is seen by whoever learns of it. */
static void send_and_close(void *unused)
{
    send_one(unused);
    letters[3] = 4;
    goc_chan_close(c);
}

static void recv_until_closed(void *unused)
{
    (void)unused;
    MODEL_CHECK(recv_letter() == 1);
    MODEL_CHECK(recv_letter() == 0);
    MODEL_CHECK(letters[3] == 4);
}

static void closed_on(size_t capacity)
{
    c = goc_chan_make(sizeof(int *), capacity);
    model_thread(send_and_close, (void *)0);
    model_thread(recv_until_closed, NULL);
    model_join();
    goc_chan_free(c);
}

static void close_unbuffered(void)
{
    closed_on(0);
}

static void close_buffered(void)
{
    closed_on(1);
}

static void close_it(void *unused)
{
    (void)unused;
    goc_chan_close(c);
}

static void recv_nothing(void *unused)
{
    (void)unused;
    MODEL_CHECK(recv_letter() == 0);
}

static void close_wakes_two(void)
{
    c = goc_chan_make(sizeof(int *), 0);
    model_thread(recv_nothing, NULL);
    model_thread(recv_nothing, NULL);
    model_thread(close_it, NULL);
    model_join();
    goc_chan_free(c);
}

/* A sender that waits, or comes late, panics. */
static void close_under_a_sender(void)
{
    c = goc_chan_make(sizeof(int *), 0);
    model_expect("send on closed channel");
    model_thread(send_one, (void *)0);
    model_thread(close_it, NULL);
    model_join();
    model_fail("the send returned");
}

/* Whoever completes the last operation may free the channel. */
static void recv_and_free(void *unused)
{
    recv_one(unused);
    goc_chan_free(c);
}

static void free_after_recv(void)
{
    c = goc_chan_make(sizeof(int *), 0);
    model_thread(send_one, (void *)0);
    model_thread(recv_and_free, NULL);
    model_join();
}

static void free_after_buffered_recv(void)
{
    c = goc_chan_make(sizeof(int *), 1);
    model_thread(send_one, (void *)0);
    model_thread(recv_and_free, NULL);
    model_join();
}

/* The channel is closed before it is emptied: at every moment a receive can go on, and the one
 * that does not wait sees one such moment. */
static void close_and_empty(void *unused)
{
    (void)unused;
    goc_chan_close(c);
    recv_letter();
}

static void recv_or_default(void *unused)
{
    (void)unused;
    int *letter;
    struct goc_select_case recv = {
        .chan = c, .elem = (void *)&letter, .op = GOC_SELECT_RECV};
    MODEL_CHECK(goc_select(&recv, 1, true) == 0);
}

static void never_empty_and_open(void)
{
    c = goc_chan_make(sizeof(int *), 1);
    send_letter(0);
    model_thread(close_and_empty, NULL);
    model_thread(recv_or_default, NULL);
    model_join();
    goc_chan_free(c);
}

/* A receiver waits until the channel is closed: at every moment a send goes through or panics. */
static void send_or_default(void *unused)
{
    (void)unused;
    int *letter = &letters[0];
    struct goc_select_case send = {
        .chan = c, .elem = (void *)&letter, .op = GOC_SELECT_SEND};
    MODEL_CHECK(goc_select(&send, 1, true) == 0);
}

static bool waits(void)
{
    return load_acquire(&c->receivers.first) != NULL;
}

static void close_when_awaited(void *unused)
{
    (void)unused;
    while (!waits())
        cpu_relax();
    model_thread(send_or_default, NULL);
    goc_chan_close(c);
}

static void recv_anything(void *unused)
{
    (void)unused;
    goc_chan_recv(c, NULL);
}

static void never_deserted_and_open(void)
{
    c = goc_chan_make(sizeof(int *), 0);
    model_expect("send on closed channel");
    model_thread(recv_anything, NULL);
    model_thread(close_when_awaited, NULL);
    model_join();
    goc_chan_free(c);
}

/* A sender waits, so the channel is never empty and open from here on: a receive that must not
 * wait gets the element or learns of the close. */
static void try_one(void *unused)
{
    (void)unused;
    int *letter;
    struct goc_select_case recv = {
        .chan = c, .elem = (void *)&letter, .op = GOC_SELECT_RECV};
    MODEL_CHECK(goc_select(&recv, 1, true) == 0);
}

static void close_before_a_waiting_sender(void)
{
    c = goc_chan_make(sizeof(int *), 0);
    model_thread(send_one, (void *)0);
    while (load_relaxed(&c->senders.first) == NULL)
        cpu_relax();
    model_expect("panic: send on closed channel");
    model_thread(close_it, NULL);
    model_thread(try_one, NULL);
    model_join();
}

int main(void)
{
    model_explore("channel: unbuffered", unbuffered, 2, 0);
    model_explore("channel: buffered", buffered, 2, 1);
    model_explore("channel: two senders, unbuffered", two_senders_unbuffered, 1, 0);
    model_explore("channel: two senders, buffered", two_senders_buffered, 1, 0);
    model_explore("channel: close, unbuffered", close_unbuffered, 1, 1);
    model_explore("channel: close, buffered", close_buffered, 2, 1);
    model_explore("channel: close wakes two", close_wakes_two, 1, 0);
    model_explore("channel: close under a sender", close_under_a_sender, 2, 1);
    model_explore("channel: freed after a receive", free_after_recv, 2, 1);
    model_explore("channel: freed after a buffered receive", free_after_buffered_recv, 2,
                  1);
    model_explore("channel: never empty and open", never_empty_and_open, 2, 2);
    model_explore("channel: never deserted and open", never_deserted_and_open, 1, 1);
    model_random("channel: two senders, unbuffered", two_senders_unbuffered, 5, 3000);
    model_random("channel: two senders, buffered", two_senders_buffered, 5, 3000);
    model_random("channel: closed before a waiting sender", close_before_a_waiting_sender,
                 5, 4000);
}
