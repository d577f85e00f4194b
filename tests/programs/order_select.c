/* What the arms of a select order: as their plain operations do, and only the one that fires. */
#include "scenarios.h"

static chan(int) a;
static chan(int) b;
static struct barrier gate;

static void make(int capacity)
{
    a = chan_make(int, capacity);
    b = chan_make(int, capacity);
}

static void touch_then_send_to_a(void)
{
    touch();
    chan_send(a, 1);
}

static void recv_either(void)
{
    chan_select {
        chan_case_recv(a) {
        }
        chan_case_recv(b) {
        }
    }
}

static void send_either(void)
{
    chan_select {
        chan_case_send(a, 1) {
        }
        chan_case_send(b, 1) {
        }
    }
}

static void send_before_waiting_select(void)
{
    make(0);
    go ^{
        let_others_park();
        touch_then_send_to_a();
    }();
    recv_either();
    touch();
}

static void parked_send_before_select(void)
{
    make(0);
    go touch_then_send_to_a();
    let_others_park();
    recv_either();
    touch();
}

static void buffered_send_before_select(void)
{
    make(1);
    go touch_then_send_to_a();
    let_others_park();
    recv_either();
    touch();
}

static void select_send_before_recv(void)
{
    make(0);
    go ^{
        touch();
        send_either();
    }();
    let_others_park();
    chan_recv(a);
    touch();
}

static void select_send_before_parked_recv(void)
{
    make(0);
    go ^{
        let_others_park();
        touch();
        send_either();
    }();
    chan_recv(b);
    touch();
}

static void select_recv_before_unbuffered_send(void)
{
    make(0);
    go ^{
        touch();
        recv_either();
    }();
    let_others_park();
    chan_send(b, 1);
    touch();
}

static void select_recv_not_before_buffered_send(void)
{
    make(1);
    go ^{
        touch();
        recv_either();
        barrier_arrive(&gate);
    }();
    let_others_park();
    chan_send(b, 1);
    see(&gate, 1);
    touch();
}

static void select_recv_before_a_capacity_later(void)
{
    make(1);
    go ^{
        touch();
        recv_either();
        barrier_arrive(&gate);
    }();
    let_others_park();
    chan_send(b, 1);
    see(&gate, 1);
    chan_send(b, 1);
    touch();
}

static void selects_meet(void)
{
    make(0);
    go ^{
        touch();
        send_either();
    }();
    recv_either();
    touch();
}

static void close_before_waiting_select(void)
{
    make(0);
    go ^{
        let_others_park();
        touch();
        chan_close(b);
    }();
    recv_either();
    touch();
}

static void close_before_select(void)
{
    make(0);
    go ^{
        touch();
        chan_close(b);
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    recv_either();
    touch();
}

static void an_arm_that_does_not_fire_orders_nothing(void)
{
    make(1);
    go ^{
        touch_then_send_to_a();
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_send(b, 1);
    chan(int) none = NULL;
    chan_select {
        chan_case_recv(b) {
        }
        chan_case_recv(none) {
        }
    }
    touch();
}

static void default_orders_nothing(void)
{
    make(1);
    go ^{
        touch_then_send_to_a();
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_select {
        chan_case_recv(b) {
        }
        chan_default {
        }
    }
    touch();
}

static void select_send_against_close(void)
{
    make(1);
    go ^{
        chan_select {
            chan_case_send(a, 1) {
            }
            chan_default {
            }
        }
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
    chan_close(a);
}

static void semaphore_by_select(void)
{
    make(1);
    chan(int) done = chan_make(int, 4);
    for (int i = 0; i < 4; i++) {
        go ^{
            for (int turn = 0; turn < 50; turn++) {
                chan_select {
                    chan_case_send(a, 1) {
                        touch();
                    }
                    chan_case_recv(b) {
                    }
                }
                chan_select {
                    chan_case_recv(b) {
                    }
                    chan_case_recv(a) {
                    }
                }
            }
            chan_send(done, 1);
        }();
    }
    for (int i = 0; i < 4; i++)
        chan_recv(done);
    touch();
}

static void what_after_has_seen(void)
{
    touch();
    chan_recv_only(goc_time) timeout = goc_after(GOC_MICROSECOND);
    go ^{
        chan_recv(timeout);
        touch();
        barrier_arrive(&gate);
    }();
    see(&gate, 1);
}

/* What an arm receives is assigned by the program, and what it sends is read by it. */

static int element;

static void write_element(void)
{
    element = 5;
    barrier_arrive(&gate);
}

static void select_into_what_others_write(void)
{
    make(1);
    chan_send(a, 1);
    go write_element();
    see(&gate, 1);
    chan_select {
        chan_case_recv(a, element) {
        }
        chan_case_recv(b) {
        }
    }
}

static void select_from_what_others_write(void)
{
    make(1);
    go write_element();
    see(&gate, 1);
    chan_select {
        chan_case_send(a, element) {
        }
        chan_case_recv(b) {
        }
    }
}

static void select_into_ones_own(void)
{
    make(0);
    go ^{
        for (int i = 0; i < 100; i++) {
            int value;
            chan_select {
                chan_case_recv(a, value) {
                    CHECK_EQ(value, i);
                }
                chan_case_send(b, i) {
                }
            }
        }
    }();
    for (int i = 0; i < 100; i++) {
        if (i % 2 == 0)
            chan_send(a, i);
        else
            CHECK_EQ(chan_recv(b), i);
    }
}

static const struct scenario scenarios[] = {
    SCENARIO(send_before_waiting_select, NO_RACE),
    SCENARIO(parked_send_before_select, NO_RACE),
    SCENARIO(buffered_send_before_select, NO_RACE),
    SCENARIO(select_send_before_recv, NO_RACE),
    SCENARIO(select_send_before_parked_recv, NO_RACE),
    SCENARIO(select_recv_before_unbuffered_send, NO_RACE),
    SCENARIO(select_recv_not_before_buffered_send, RACE),
    SCENARIO(select_recv_before_a_capacity_later, NO_RACE),
    SCENARIO(selects_meet, NO_RACE),
    SCENARIO(close_before_waiting_select, NO_RACE),
    SCENARIO(close_before_select, NO_RACE),
    SCENARIO(an_arm_that_does_not_fire_orders_nothing, RACE),
    SCENARIO(default_orders_nothing, RACE),
    SCENARIO(select_send_against_close, RACE),
    SCENARIO(semaphore_by_select, NO_RACE),
    SCENARIO(select_into_what_others_write, RACE),
    SCENARIO(select_from_what_others_write, RACE),
    SCENARIO(select_into_ones_own, NO_RACE),
    SCENARIO(what_after_has_seen, NO_RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 19 wrong
