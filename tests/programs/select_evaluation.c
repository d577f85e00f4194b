/* What a select evaluates, and when: every channel and every value to send once, in source
 * order, on entering, whichever arm fires and also where the channel is nil; the place that a
 * received value goes to only once its arm has fired.  Each form is entered with and without
 * a default, before its other arms and after them. */
#include "check.h"

#include <goc.h>
#include <stdio.h>

static int last_step;
static int evaluations;

/* Successive calls have rising numbers. */
static void step(int number)
{
    CHECK(number > last_step);
    last_step = number;
    evaluations++;
}

static chan(int) channel_at(int number, chan(int) c)
{
    step(number);
    return c;
}

static int value_at(int number, int value)
{
    step(number);
    return value;
}

static int *place_at(int number, int *place)
{
    step(number);
    return place;
}

static int *no_place(void)
{
    CHECK(!"the place of an arm that did not fire");
    return NULL;
}

static void begin(void)
{
    last_step = 0;
    evaluations = 0;
}

/* Two sends, of which the one that has fired becomes nil; what is evaluated is counted. */
static int shift;
static int counter;

static int next_bit(void)
{
    counter++;
    return 1 << shift;
}

static int send_until_default(chan(int) a, chan(int) b)
{
    int sent = 0;
    for (;;) {
        bool done = false;
        chan_select {
            chan_case_send(a, next_bit()) {
                sent++;
                a = NULL;
            }
            chan_case_send(b, next_bit()) {
                sent++;
                b = NULL;
            }
            chan_default {
                done = true;
            }
        }
        if (done)
            return sent;
        shift++;
    }
}

static void values_are_evaluated_each_time(void)
{
    chan(int) a = chan_make(int, 1);
    chan(int) b = chan_make(int, 1);
    CHECK_EQ(send_until_default(a, b), 2);
    CHECK_EQ(chan_recv(a) | chan_recv(b), 3);
    CHECK_EQ(send_until_default(a, NULL), 1);
    CHECK_EQ(counter, 10);
    chan_free(a);
    chan_free(b);
}

static void receive_in_order(chan(int) c, chan(int) never)
{
    int x = 0;
    begin();
    chan_send(c, 41);
    chan_select {
        chan_case_recv(channel_at(1, c), *place_at(100, &x)) {
        }
        chan_case_send(channel_at(2, never), value_at(3, 1)) {
            CHECK(!"nobody receives");
        }
        chan_case_recv(channel_at(4, never)) {
            CHECK(!"nobody sends");
        }
        chan_case_send(channel_at(5, NULL), value_at(6, 1)) {
            CHECK(!"a nil channel");
        }
        chan_case_recv(channel_at(7, NULL), *no_place()) {
            CHECK(!"a nil channel");
        }
    }
    CHECK_EQ(x, 41);
    CHECK_EQ(evaluations, 8);
}

static void receive_in_order_with_default(chan(int) c, chan(int) never)
{
    int x = 0;
    bool ok = false;
    begin();
    chan_send(c, 42);
    chan_select {
        chan_default {
            CHECK(!"c is ready");
        }
        chan_case_recv(channel_at(1, never), *no_place()) {
            CHECK(!"nobody sends");
        }
        chan_case_recv(channel_at(2, c), *place_at(100, &x), ok) {
        }
    }
    CHECK_EQ(x, 42);
    CHECK(ok);
    CHECK_EQ(evaluations, 3);
}

static void send_in_order(chan(int) c, chan(int) never)
{
    begin();
    chan_select {
        chan_case_recv(channel_at(1, never), *no_place()) {
            CHECK(!"nobody sends");
        }
        chan_case_send(channel_at(2, c), value_at(3, 43)) {
        }
        chan_case_send(channel_at(4, never), value_at(5, 1)) {
            CHECK(!"nobody receives");
        }
        chan_default {
            CHECK(!"c has room");
        }
    }
    CHECK_EQ(evaluations, 5);
    CHECK_EQ(chan_recv(c), 43);
}

/* One arm alone, and one arm and a default, are forms of their own inside. */
static void few_arms_in_order(chan(int) c)
{
    int x = 0;
    begin();
    chan_select {
        chan_case_send(channel_at(1, c), value_at(2, 44)) {
        }
    }
    chan_select {
        chan_case_send(channel_at(3, c), value_at(4, 1)) {
            CHECK(!"c is full");
        }
        chan_default {
        }
    }
    chan_select {
        chan_case_recv(channel_at(5, c), *place_at(6, &x)) {
        }
    }
    chan_select {
        chan_case_recv(channel_at(7, c), *no_place()) {
            CHECK(!"c is empty");
        }
        chan_default {
        }
    }
    CHECK_EQ(x, 44);
    CHECK_EQ(evaluations, 7);
}

/* Where no arm fires, no place is written or even looked for. */
static void nothing_fires(chan(int) never)
{
    int x = 45;
    chan_select {
        chan_case_recv(never, x) {
            CHECK(!"nobody sends");
        }
        chan_case_recv(never, *no_place()) {
            CHECK(!"nobody sends");
        }
        chan_case_recv((chan(int))NULL, x) {
            CHECK(!"a nil channel");
        }
        chan_default {
        }
    }
    CHECK_EQ(x, 45);
}

/* A received value goes wherever an assignment can put it. */
static void places_of_all_kinds(chan(int) c)
{
    struct {
        long member;
        int array[3];
    } place = {0};
    int i = 1;
    for (int n = 1; n <= 3; n++)
        chan_select {
            chan_case_send(c, n) {
            }
        }
    chan_select {
        chan_case_recv(c, place.member) {
        }
    }
    chan_select {
        chan_case_recv(c, place.array[i++]) {
        }
    }
    chan_select {
        chan_case_recv(c, *(place.array + i)) {
        }
        chan_default {
            CHECK(!"c is ready");
        }
    }
    CHECK_EQ(place.member, 1);
    CHECK_EQ(place.array[1], 2);
    CHECK_EQ(place.array[2], 3);
    CHECK_EQ(i, 2);
}

int main(void)
{
    chan(int) c = chan_make(int, 1);
    chan(int) wide = chan_make(int, 3);
    chan(int) never = chan_make(int, 0);
    values_are_evaluated_each_time();
    receive_in_order(c, never);
    receive_in_order_with_default(c, never);
    send_in_order(c, never);
    few_arms_in_order(c);
    nothing_fires(never);
    places_of_all_kinds(wide);
    chan_free(c);
    chan_free(wide);
    chan_free(never);
    printf("evaluated in order\n");
}

// CHECK: evaluated in order
