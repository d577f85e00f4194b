/* What channels order and what they do not: the Go memory model (2022), "Channel
 * communication", sentence by sentence, and for each party once running and once parked. */
#include "scenarios.h"

static chan(int) c;
static chan(int) d;
static struct barrier gate;

/* A send is synchronized before the completion of the corresponding receive. */

static void touch_then_send(void)
{
    touch();
    chan_send(c, 1);
}

static void unbuffered_send_receiver_parked(void)
{
    c = chan_make(int, 0);
    go ^{
        let_others_park();
        touch_then_send();
    }();
    chan_recv(c);
    touch();
}

static void unbuffered_send_sender_parked(void)
{
    c = chan_make(int, 0);
    go touch_then_send();
    let_others_park();
    chan_recv(c);
    touch();
}

static void buffered_send_receiver_parked(void)
{
    c = chan_make(int, 1);
    go ^{
        let_others_park();
        touch_then_send();
    }();
    chan_recv(c);
    touch();
}

static void buffered_send_to_the_buffer(void)
{
    c = chan_make(int, 1);
    go touch_then_send();
    let_others_park();
    chan_recv(c);
    touch();
}

static void buffered_send_sender_parked(void)
{
    c = chan_make(int, 1);
    chan_send(c, 0);
    go touch_then_send();
    let_others_park();
    chan_recv(c);
    chan_recv(c);
    touch();
}

/* … of the corresponding receive, not of any other. */
static void buffered_send_not_to_another_receive(void)
{
    c = chan_make(int, 2);
    chan_send(c, 0);
    go ^{
        touch_then_send();
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_recv(c);
    touch();
}

static void two_senders_are_not_ordered(void)
{
    c = chan_make(int, 2);
    go touch_then_send();
    go touch_then_send();
    chan_recv(c);
    chan_recv(c);
}

/* A receive from an unbuffered channel is synchronized before the send's completion. */

static void touch_then_recv(void)
{
    touch();
    chan_recv(c);
}

static void unbuffered_recv_receiver_parked(void)
{
    c = chan_make(int, 0);
    go touch_then_recv();
    let_others_park();
    chan_send(c, 1);
    touch();
}

static void unbuffered_recv_sender_parked(void)
{
    c = chan_make(int, 0);
    go ^{
        let_others_park();
        touch_then_recv();
    }();
    chan_send(c, 1);
    touch();
}

/* The k-th receive on capacity C is synchronized before the completion of send k+C … */

static void recv_before_a_capacity_later(void)
{
    c = chan_make(int, 1);
    chan_send(c, 0);
    go touch_then_recv();
    chan_send(c, 1);
    touch();
}

static void recv_before_a_capacity_later_running(void)
{
    c = chan_make(int, 2);
    chan_send(c, 0);
    chan_send(c, 0);
    go ^{
        touch_then_recv();
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_send(c, 1);
    touch();
}

static void parked_recv_before_a_capacity_later(void)
{
    c = chan_make(int, 1);
    go ^{
        touch_then_recv();
        barrier_arrive(&gate);
    }();
    let_others_park();
    chan_send(c, 0);
    see(&gate, 1);
    chan_send(c, 1);
    touch();
}

static void capacity_as_a_mutex(void)
{
    c = chan_make(int, 1);
    d = chan_make(int, 4);
    for (int i = 0; i < 4; i++) {
        go ^{
            for (int turn = 0; turn < 50; turn++) {
                chan_send(c, 1);
                touch();
                chan_recv(c);
            }
            chan_send(d, 1);
        }();
    }
    for (int i = 0; i < 4; i++)
        chan_recv(d);
    touch();
}

/* … and before that of no earlier one. */

static void recv_not_before_the_same_send(void)
{
    c = chan_make(int, 1);
    go ^{
        touch_then_recv();
        barrier_arrive(&gate);
    }();
    chan_send(c, 1);
    see(&gate, 1);
    touch();
}

static void parked_recv_not_before_the_same_send(void)
{
    c = chan_make(int, 1);
    go ^{
        touch_then_recv();
        barrier_arrive(&gate);
    }();
    let_others_park();
    chan_send(c, 1);
    see(&gate, 1);
    touch();
}

static void recv_not_before_the_next_slot(void)
{
    c = chan_make(int, 2);
    chan_send(c, 0);
    go ^{
        touch_then_recv();
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_send(c, 1);
    touch();
}

static void parked_recv_not_before_the_next_slot(void)
{
    c = chan_make(int, 2);
    go ^{
        touch_then_recv();
        barrier_arrive(&gate);
    }();
    let_others_park();
    chan_send(c, 0);
    see(&gate, 1);
    chan_send(c, 1);
    touch();
}

static void parked_send_not_before_the_recv_that_makes_room(void)
{
    c = chan_make(int, 1);
    chan_send(c, 0);
    go ^{
        touch();
        barrier_arrive(&gate);
        chan_send(c, 1);
    }();
    see(&gate, 1);
    let_others_park();
    chan_recv(c);
    touch();
}

static void capacity_of_two_is_no_mutex(void)
{
    c = chan_make(int, 2);
    d = chan_make(int, 2);
    for (int i = 0; i < 2; i++) {
        go ^{
            chan_send(c, 1);
            barrier_arrive(&gate);
            see(&gate, 2);
            touch();
            chan_recv(c);
            chan_send(d, 1);
        }();
    }
    chan_recv(d);
    chan_recv(d);
}

/* Elements without bytes have slots all the same. */

struct nothing {
};

static void empty_recv_before_a_capacity_later(void)
{
    chan(struct nothing) e = chan_make(struct nothing, 2);
    chan_send(e, (struct nothing){});
    chan_send(e, (struct nothing){});
    go ^{
        touch();
        chan_recv(e);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_send(e, (struct nothing){});
    touch();
}

static void empty_recv_not_before_the_next_slot(void)
{
    chan(struct nothing) e = chan_make(struct nothing, 2);
    chan_send(e, (struct nothing){});
    go ^{
        touch();
        chan_recv(e);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_send(e, (struct nothing){});
    touch();
}

/* Closing is synchronized before a receive that returns because the channel is closed. */

static void touch_then_close(void)
{
    touch();
    chan_close(c);
}

static void close_before_recv(void)
{
    c = chan_make(int, 0);
    go touch_then_close();
    let_others_park();
    chan_recv(c);
    touch();
}

static void close_before_parked_recv(void)
{
    c = chan_make(int, 0);
    go ^{
        let_others_park();
        touch_then_close();
    }();
    chan_recv(c);
    touch();
}

static void close_before_range_ends(void)
{
    c = chan_make(int, 2);
    go ^{
        chan_send(c, 1);
        chan_send(c, 2);
        chan_send(c, 3);
        touch_then_close();
    }();
    chan_range(v, c) {
        (void)v;
    }
    touch();
}

static void close_not_before_what_was_buffered(void)
{
    c = chan_make(int, 1);
    chan_send(c, 1);
    go ^{
        touch_then_close();
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_recv(c);
    touch();
}

static void free_after_close(void)
{
    c = chan_make(int, 0);
    go touch_then_close();
    chan_recv(c);
    chan_free(c);
}

/* Sending and closing without order is a race of its own. */

static void close_against_send(void)
{
    c = chan_make(int, 1);
    go ^{
        chan_send(c, 1);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_close(c);
}

static void close_after_send(void)
{
    c = chan_make(int, 1);
    go ^{
        chan_send(c, 1);
    }();
    chan_recv(c);
    chan_close(c);
}

static void free_against_send(void)
{
    c = chan_make(int, 1);
    go ^{
        chan_send(c, 1);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_free(c);
}

static void free_against_recv(void)
{
    c = chan_make(int, 1);
    chan_send(c, 1);
    go ^{
        chan_recv(c);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_free(c);
}

static void free_against_len(void)
{
    c = chan_make(int, 1);
    go ^{
        CHECK_EQ(chan_len(c), 0);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_free(c);
}

static void free_after_the_last_recv(void)
{
    for (int i = 0; i < 50; i++) {
        c = chan_make(int, i % 2);
        go ^(chan(int) own) {
            chan_send(own, 1);
        }(c);
        chan_recv(c);
        chan_free(c);
    }
}

/* Looking is no synchronization. */
static void len_orders_nothing(void)
{
    c = chan_make(int, 1);
    go touch_then_send();
    while (chan_len(c) == 0)
        goc_yield();
    touch();
}

/* The elements themselves: read by the sender, written by the receiver. */

static int element;

static void recv_into_what_others_write(void)
{
    c = chan_make(int, 1);
    go ^{
        element = 5;
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_send(c, 1);
    chan_recv_ok(c, &element);
}

static void send_from_what_others_write(void)
{
    goc_chan *bare = goc_chan_make(sizeof element, 1);
    go ^{
        element = 5;
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    goc_chan_send(bare, &element);
}

static void recv_into_what_the_sender_wrote(void)
{
    c = chan_make(int, 0);
    go ^{
        element = 5;
        chan_send(c, 1);
    }();
    chan_recv_ok(c, &element);
}

/* The variable of a chan_range, which each receive overwrites: its address may be anybody's. */

static void range_into_what_others_read(void)
{
    c = chan_make(int, 2);
    chan_send(c, 1);
    chan_send(c, 2);
    chan_close(c);
    chan_range(value, c) {
        int *here = &value;
        if (value != 1)
            continue;
        go ^{
            CHECK_EQ(*here, 1);
            barrier_arrive(&gate);
        }();
        see(&gate, 1);
    }
}

static void range_into_what_others_have_read(void)
{
    c = chan_make(int, 2);
    chan(int) done = chan_make(int, 0);
    chan_send(c, 1);
    chan_send(c, 2);
    chan_close(c);
    chan_range(value, c) {
        int *here = &value;
        go ^{
            CHECK(*here == 1 || *here == 2);
            chan_send(done, 1);
        }();
        chan_recv(done);
    }
}

static void pointers_travel_with_what_they_point_to(void)
{
    chan(int *) p = chan_make(int *, 1);
    go ^{
        for (int i = 0; i < 100; i++) {
            int *value = malloc(sizeof *value);
            *value = i;
            chan_send(p, value);
        }
        chan_close(p);
    }();
    chan_range(value, p) {
        ++*value;
        free(value);
    }
}

/* With a deadline: in time is as without one, too late orders nothing. */

static void send_until_before_recv_until(void)
{
    c = chan_make(int, 0);
    go ^{
        touch();
        CHECK_EQ(chan_send_until(c, GOC_NEVER, 1), 0);
    }();
    int one;
    CHECK_EQ(chan_recv_until(c, GOC_NEVER, &one), 1);
    touch();
}

static void recv_until_before_the_send_completes(void)
{
    c = chan_make(int, 0);
    go ^{
        touch();
        CHECK_EQ(chan_recv_until(c, GOC_NEVER, NULL), 1);
    }();
    CHECK_EQ(chan_send_until(c, GOC_NEVER, 1), 0);
    touch();
}

static void deadlines_that_pass_order_nothing(void)
{
    c = chan_make(int, 0);
    go ^{
        touch();
        CHECK(chan_send_until(c, goc_now(), 1) < 0);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    CHECK(chan_recv_until(c, goc_now() + GOC_MILLISECOND, NULL) < 0);
    touch();
}

static const struct scenario scenarios[] = {
    SCENARIO(unbuffered_send_receiver_parked, NO_RACE),
    SCENARIO(unbuffered_send_sender_parked, NO_RACE),
    SCENARIO(buffered_send_receiver_parked, NO_RACE),
    SCENARIO(buffered_send_to_the_buffer, NO_RACE),
    SCENARIO(buffered_send_sender_parked, NO_RACE),
    SCENARIO(buffered_send_not_to_another_receive, RACE),
    SCENARIO(two_senders_are_not_ordered, RACE),
    SCENARIO(unbuffered_recv_receiver_parked, NO_RACE),
    SCENARIO(unbuffered_recv_sender_parked, NO_RACE),
    SCENARIO(recv_before_a_capacity_later, NO_RACE),
    SCENARIO(recv_before_a_capacity_later_running, NO_RACE),
    SCENARIO(parked_recv_before_a_capacity_later, NO_RACE),
    SCENARIO(capacity_as_a_mutex, NO_RACE),
    SCENARIO(recv_not_before_the_same_send, RACE),
    SCENARIO(parked_recv_not_before_the_same_send, RACE),
    SCENARIO(recv_not_before_the_next_slot, RACE),
    SCENARIO(parked_recv_not_before_the_next_slot, RACE),
    SCENARIO(parked_send_not_before_the_recv_that_makes_room, RACE),
    SCENARIO(capacity_of_two_is_no_mutex, RACE),
    SCENARIO(empty_recv_before_a_capacity_later, NO_RACE),
    SCENARIO(empty_recv_not_before_the_next_slot, RACE),
    SCENARIO(close_before_recv, NO_RACE),
    SCENARIO(close_before_parked_recv, NO_RACE),
    SCENARIO(close_before_range_ends, NO_RACE),
    SCENARIO(close_not_before_what_was_buffered, RACE),
    SCENARIO(free_after_close, NO_RACE),
    SCENARIO(close_against_send, RACE),
    SCENARIO(close_after_send, NO_RACE),
    SCENARIO(free_against_send, RACE),
    SCENARIO(free_against_recv, RACE),
    SCENARIO(free_against_len, RACE),
    SCENARIO(free_after_the_last_recv, NO_RACE),
    SCENARIO(len_orders_nothing, RACE),
    SCENARIO(recv_into_what_others_write, RACE),
    SCENARIO(send_from_what_others_write, RACE),
    SCENARIO(recv_into_what_the_sender_wrote, NO_RACE),
    SCENARIO(range_into_what_others_read, RACE),
    SCENARIO(range_into_what_others_have_read, NO_RACE),
    SCENARIO(pointers_travel_with_what_they_point_to, NO_RACE),
    SCENARIO(send_until_before_recv_until, NO_RACE),
    SCENARIO(recv_until_before_the_send_completes, NO_RACE),
    SCENARIO(deadlines_that_pass_order_nothing, RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 42 wrong
