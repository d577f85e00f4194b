/* What a chain of some hundred goroutines orders, each of which hears of all others again and
 * again.
 *
 * Every link marks each number before it hands it on.  Whoever has a number knows all marks of it,
 * and nobody else's of later ones: news of those come with later numbers only. */
#include "scenarios.h"

enum { LINKS = 300, NUMBERS = 30 };

static int marks[NUMBERS + 1][LINKS];
static chan(int) links[LINKS + 1];
static volatile int seen;

static __attribute__((__noinline__)) int look(int number, int link)
{
    return marks[number][link];
}

static void mark_and_pass(int link)
{
    chan_range(number, links[link]) {
        marks[number][link] = number + 1;
        chan_send(links[link + 1], number);
    }
    chan_close(links[link + 1]);
}

static void begin(size_t capacity)
{
    for (int i = 0; i <= LINKS; i++)
        links[i] = chan_make(int, capacity);
    for (int i = 0; i < LINKS; i++)
        go mark_and_pass(i);
    go ^{
        for (int number = 0; number <= NUMBERS; number++)
            chan_send(links[0], number);
        chan_close(links[0]);
    }();
}

static void all_marks_of_a_number(void)
{
    for (int number = 0; number < NUMBERS; number++) {
        CHECK_EQ(chan_recv(links[LINKS]), number);
        for (int i = 0; i < LINKS; i++)
            CHECK_EQ(look(number, i), number + 1);
    }
}

static void one_mark_of_the_next_number(int link)
{
    for (int number = 0; number < NUMBERS; number++)
        CHECK_EQ(chan_recv(links[LINKS]), number);
    seen = look(NUMBERS, link);
    chan_range(rest, links[LINKS]) {
        (void)rest;
    }
}

static void marks_of_a_number(void)
{
    begin(0);
    all_marks_of_a_number();
}

static void marks_of_a_buffered_number(void)
{
    begin(1);
    all_marks_of_a_number();
}

static void first_mark_of_the_next_number(void)
{
    begin(0);
    one_mark_of_the_next_number(0);
}

static void a_mark_of_the_next_number_midway(void)
{
    begin(0);
    one_mark_of_the_next_number(LINKS / 2);
}

static void last_mark_of_the_next_number(void)
{
    begin(0);
    one_mark_of_the_next_number(LINKS - 1);
}

static void a_mark_of_the_next_buffered_number(void)
{
    begin(1);
    one_mark_of_the_next_number(LINKS / 2);
}

static const struct scenario scenarios[] = {
    SCENARIO(marks_of_a_number, NO_RACE),
    SCENARIO(marks_of_a_buffered_number, NO_RACE),
    SCENARIO(first_mark_of_the_next_number, RACE),
    SCENARIO(a_mark_of_the_next_number_midway, RACE),
    SCENARIO(last_mark_of_the_next_number, RACE),
    SCENARIO(a_mark_of_the_next_buffered_number, RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 6 wrong
