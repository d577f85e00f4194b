/* What a goroutine orders that is the only one: all that it did is before whoever comes later, and
 * nothing that it does from then on. */
#include "scenarios.h"

static chan(int) c;
static struct barrier gate;

static void touch_and_arrive(void)
{
    touch();
    barrier_arrive(&gate);
}

static void receive_touch_and_arrive(void)
{
    chan_recv(c);
    touch_and_arrive();
}

/* Both leave what they know in the channel, for nobody. */
static void send_and_receive(void)
{
    for (int i = 0; i < 3; i++) {
        chan_send(c, i);
        chan_recv(c);
    }
}

/* Whoever has arrived ends meanwhile; no verdict depends on it. */
static void let_it_end(void)
{
    see(&gate, 1);
    let_others_park();
}

static void all_before_the_go(void)
{
    touch();
    go touch_and_arrive();
    see(&gate, 1);
}

static void nothing_after_the_go(void)
{
    go touch_and_arrive();
    touch();
    see(&gate, 1);
}

static void what_it_did_since_it_last_left_anything(void)
{
    c = chan_make(int, 1);
    send_and_receive();
    touch();
    chan_send(c, 1);
    go receive_touch_and_arrive();
    see(&gate, 1);
}

static void an_element_of_before_is_older_than_what_follows(void)
{
    c = chan_make(int, 1);
    send_and_receive();
    chan_send(c, 1);
    go receive_touch_and_arrive();
    touch();
    see(&gate, 1);
}

static void an_element_in_a_place_that_only_it_has_used(void)
{
    c = chan_make(int, 1);
    send_and_receive();
    go receive_touch_and_arrive();
    touch();
    chan_send(c, 1);
    see(&gate, 1);
}

static void alone_again_it_knows_what_was_sent(void)
{
    c = chan_make(int, 1);
    send_and_receive();
    go ^{
        touch();
        chan_send(c, 1);
        barrier_arrive(&gate);
    }();
    let_it_end();
    chan_recv(c);
    touch();
    send_and_receive();
    go touch_and_arrive();
    see(&gate, 2);
}

static void alone_again_it_finds_what_nobody_told_it_of(void)
{
    c = chan_make(int, 1);
    send_and_receive();
    go touch_and_arrive();
    let_it_end();
    send_and_receive();
    touch();
}

static void alone_again_it_sends_to_another(void)
{
    c = chan_make(int, 1);
    go touch_and_arrive();
    let_it_end();
    send_and_receive();
    go receive_touch_and_arrive();
    chan_send(c, 1);
    see(&gate, 2);
}

static void fire(void *unused)
{
    (void)unused;
    touch_and_arrive();
}

/* Its function is nobody's child; order_time.c has what comes after the start. */
static void all_before_a_timers_start(void)
{
    c = chan_make(int, 1);
    touch();
    send_and_receive();
    goc_timer_func(GOC_MICROSECOND, fire, NULL);
    send_and_receive();
    see(&gate, 1);
}

static const struct scenario scenarios[] = {
    SCENARIO(all_before_the_go, NO_RACE),
    SCENARIO(nothing_after_the_go, RACE),
    SCENARIO(what_it_did_since_it_last_left_anything, NO_RACE),
    SCENARIO(an_element_of_before_is_older_than_what_follows, RACE),
    SCENARIO(an_element_in_a_place_that_only_it_has_used, NO_RACE),
    SCENARIO(alone_again_it_knows_what_was_sent, NO_RACE),
    SCENARIO(alone_again_it_finds_what_nobody_told_it_of, RACE),
    SCENARIO(alone_again_it_sends_to_another, RACE),
    SCENARIO(all_before_a_timers_start, NO_RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 9 wrong
