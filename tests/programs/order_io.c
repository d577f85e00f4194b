/* What reading, writing and closing order and what they do not. */
#include "scenarios.h"

#include <goc/io.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static struct barrier gate;
static int ends[2];
static int others[2];
static char buffer[64];

static void make_pipe(void)
{
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(pipe(others), 0);
}

static void make_pair(void)
{
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
}

static void read_and_touch(int fd)
{
    char byte;
    CHECK_EQ(goc_read(fd, &byte, 1), 1);
    touch();
    barrier_arrive(&gate);
}

static void write_before_parked_read(void)
{
    make_pipe();
    go read_and_touch(ends[0]);
    let_others_park();
    touch();
    CHECK_EQ(goc_write(ends[1], "x", 1), 1);
    see(&gate, 1);
}

static void write_before_later_read(void)
{
    make_pair();
    go read_and_touch(ends[0]);
    touch();
    CHECK_EQ(goc_write(ends[1], "x", 1), 1);
    see(&gate, 1);
}

/* One side is libc's. */
static void plain_write_before_read(void)
{
    make_pipe();
    go read_and_touch(ends[0]);
    touch();
    CHECK_EQ(write(ends[1], "x", 1), 1);
    see(&gate, 1);
}

static void read_not_after_what_follows_the_write(void)
{
    make_pipe();
    go read_and_touch(ends[0]);
    CHECK_EQ(goc_write(ends[1], "x", 1), 1);
    touch();
    see(&gate, 1);
}

static void another_pipe_does_not_help(void)
{
    make_pipe();
    go read_and_touch(others[0]);
    CHECK_EQ(goc_write(others[1], "x", 1), 1);
    touch();
    CHECK_EQ(goc_write(ends[1], "x", 1), 1);
    see(&gate, 1);
}

static void read_into(char *to)
{
    CHECK_EQ(goc_read(ends[0], to, sizeof buffer), 4);
    barrier_arrive(&gate);
}

/* The buffers are the program's memory: as much of them as was read. */
static void read_into_what_others_read(void)
{
    make_pipe();
    CHECK_EQ(goc_write(ends[1], "abcd", 4), 4);
    go read_into(buffer);
    see(&gate, 1);
    buffer[3]++;
}

static void the_rest_of_the_buffer_is_untouched(void)
{
    make_pipe();
    CHECK_EQ(goc_write(ends[1], "abcd", 4), 4);
    go read_into(buffer);
    see(&gate, 1);
    buffer[4]++;
}

static void write_from(char *from)
{
    CHECK_EQ(goc_write(ends[1], from, 4), 4);
    barrier_arrive(&gate);
}

static void write_from_what_others_write(void)
{
    make_pair();
    go write_from(buffer);
    see(&gate, 1);
    buffer[3]++;
}

/* Goroutines that use one descriptor one after the other are strangers. */
static void write_and_touch(void)
{
    CHECK_EQ(goc_write(ends[1], "x", 1), 1);
    touch();
    barrier_arrive(&gate);
}

static void two_writers_are_not_ordered(void)
{
    make_pipe();
    go write_and_touch();
    see(&gate, 1);
    go ^{
        CHECK_EQ(goc_write(ends[1], "x", 1), 1);
        touch();
        barrier_arrive(&gate);
    }();
    see(&gate, 2);
}

/* The descriptor itself is no memory of the program's: its last users need no order. */
static void close_behind_a_read(void)
{
    make_pipe();
    CHECK_EQ(goc_write(ends[1], "x", 1), 1);
    go read_and_touch(ends[0]);
    see(&gate, 1);
    CHECK_EQ(goc_close(ends[0]), 0);
}

static void poll_orders_nothing(void)
{
    make_pipe();
    go ^{
        struct pollfd fd = {.fd = ends[0], .events = POLLIN};
        CHECK_EQ(goc_poll(&fd, 1), 1);
        touch();
        barrier_arrive(&gate);
    }();
    touch();
    CHECK_EQ(goc_write(ends[1], "x", 1), 1);
    see(&gate, 1);
}

static const struct scenario scenarios[] = {
    SCENARIO(write_before_parked_read, NO_RACE),
    SCENARIO(write_before_later_read, NO_RACE),
    SCENARIO(plain_write_before_read, NO_RACE),
    SCENARIO(read_not_after_what_follows_the_write, RACE),
    SCENARIO(another_pipe_does_not_help, RACE),
    SCENARIO(read_into_what_others_read, RACE),
    SCENARIO(the_rest_of_the_buffer_is_untouched, NO_RACE),
    SCENARIO(write_from_what_others_write, RACE),
    SCENARIO(two_writers_are_not_ordered, RACE),
    SCENARIO(close_behind_a_read, NO_RACE),
    SCENARIO(poll_orders_nothing, RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 11 wrong
