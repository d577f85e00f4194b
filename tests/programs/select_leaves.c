/* What leaves a select, and what a select leaves behind: break, continue, goto and return in an
 * arm; arms that lost; values that are dropped. */
#include "check.h"

#include <goc.h>
#include <stdio.h>

/* break leaves the select and not the loop around it; a label leaves both. */
static void leaving_an_arm(void)
{
    chan(int) c = chan_make(int, 1);
    int after_break = 0;
    int rounds = 0;
    for (;;) {
        rounds++;
        chan_send(c, rounds);
        int got;
        chan_select {
            chan_case_recv(c, got) {
                if (got < 3)
                    break;
                if (got < 5)
                    continue;
                goto out;
            }
        }
        after_break++;
    }
out:
    CHECK_EQ(rounds, 5);
    CHECK_EQ(after_break, 2);
    chan_free(c);
}

static int return_from_arm(chan_recv_only(int) c)
{
    for (;;) {
        int got;
        chan_select {
            chan_case_recv(c, got) {
                switch (got % 2) {
                case 0:
                    break; /* leaves the switch */
                default:
                    return got;
                }
            }
        }
    }
}

static void count_from_two(chan_send_only(int) out)
{
    for (int i = 2; i < 4; i++)
        chan_send(out, i);
}

/* A select that lost on a channel must not take the place of those who still wait there. */
static void recv_one(chan_recv_only(int) c, chan_send_only(int) done)
{
    int got = chan_recv(c);
    chan_send(done, got);
}

static void lose_then_recv(chan_recv_only(int) lost, chan_recv_only(int) won,
                           chan_send_only(int) done)
{
    chan_select {
        chan_case_recv(lost) {
            CHECK(!"nobody sends here yet");
        }
        chan_case_recv(won) {
            chan_send(done, 0);
        }
    }
    chan_send(done, chan_recv(lost));
}

static void losing_keeps_the_queue_whole(void)
{
    chan(int) lost = chan_make(int, 0);
    chan(int) won = chan_make(int, 0);
    chan(int) done = chan_make(int, 0);
    go recv_one(lost, done);
    go lose_then_recv(lost, won, done);
    chan_send(won, 1);
    CHECK_EQ(chan_recv(done), 0);
    int sum = 0;
    for (int i = 1; i <= 2; i++) {
        chan_send(lost, i);
        sum += chan_recv(done);
    }
    CHECK_EQ(sum, 3);
    chan_free(lost);
    chan_free(won);
    chan_free(done);
}

/* A value that the receiver drops, in every way to receive, from every way to send. */
static void drop_plain(chan_recv_only(int) c)
{
    (void)chan_recv(c);
}

static void drop_alone(chan_recv_only(int) c)
{
    chan_select {
        chan_case_recv(c) {
        }
    }
}

static void drop_of_two(chan_recv_only(int) c)
{
    chan(int) other = chan_make(int, 0);
    chan_select {
        chan_case_recv(c) {
        }
        chan_case_recv(other) {
            CHECK(!"nobody sends");
        }
    }
    chan_free(other);
}

static void send_plain(chan_send_only(int) c)
{
    chan_send(c, 1);
}

static void send_alone(chan_send_only(int) c)
{
    chan_select {
        chan_case_send(c, 1) {
        }
    }
}

static void send_of_two(chan_send_only(int) c)
{
    chan(int) other = chan_make(int, 0);
    chan_select {
        chan_case_send(c, 1) {
        }
        chan_case_send(other, 1) {
            CHECK(!"nobody receives");
        }
    }
    chan_free(other);
}

static void drop_then_tell(void (*drop)(chan_recv_only(int)), chan_recv_only(int) c,
                           chan_send_only(bool) done)
{
    drop(c);
    chan_send(done, true);
}

static void dropped_values(void)
{
    void (*const drops[])(chan_recv_only(int)) = {drop_plain, drop_alone, drop_of_two};
    void (*const sends[])(chan_send_only(int)) = {send_plain, send_alone, send_of_two};
    for (int d = 0; d < 3; d++) {
        for (int s = 0; s < 3; s++) {
            chan(int) c = chan_make(int, 0);
            chan(bool) done = chan_make(bool, 0);
            go drop_then_tell(drops[d], c, done);
            goc_yield();
            sends[s](c);
            chan_recv(done);
            chan_free(done);
            chan_free(c);
        }
    }
}

int main(void)
{
    leaving_an_arm();
    chan(int) numbers = chan_make(int, 0);
    go count_from_two(numbers);
    CHECK_EQ(return_from_arm(numbers), 3);
    chan_free(numbers);
    losing_keeps_the_queue_whole();
    dropped_values();
    printf("left in order\n");
}

// CHECK: left in order
