/* poll: the first of many, the deadline, the close. */
#include "base/atomic.h"
#include "isolated.h"
#include "loopback.h"
#include "party.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

enum { PIPES = 30 };

static int pipes[PIPES][2];
static struct pollfd fds[PIPES];
static int woken; // atomic

static void make_pipes(int count)
{
    for (int i = 0; i < count; i++) {
        CHECK_EQ(pipe(pipes[i]), 0);
        fds[i] = (struct pollfd){.fd = pipes[i][0], .events = POLLIN};
    }
}

static void write_to(void *pipe)
{
    goc_yield();
    CHECK_EQ(goc_write(((int *)pipe)[1], "x", 1), 1);
}

static void finds_the_ready_one(int count)
{
    make_pipes(count);
    for (int i = 0; i < count; i++) {
        party_go(write_to, pipes[i]);
        CHECK_EQ(goc_poll(fds, (nfds_t)count), 1);
        for (int j = 0; j < count; j++)
            CHECK_EQ(fds[j].revents, i == j ? POLLIN : 0);
        char byte;
        CHECK_EQ(goc_read(pipes[i][0], &byte, 1), 1);
    }
}

static void few(void)
{
    finds_the_ready_one(3);
}

static void many(void)
{
    finds_the_ready_one(PIPES);
}

static void *many_in_thread(void *unused)
{
    many();
    return unused;
}

static void a_thread(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, many_in_thread, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void poll_nothing(void *unused)
{
    (void)unused;
    struct pollfd none = {.fd = -1, .events = POLLIN};
    CHECK_EQ(goc_poll_until(NULL, 0, goc_deadline_after(GOC_MILLISECOND)), 0);
    CHECK_EQ(goc_poll_until(&none, 1, goc_deadline_after(GOC_MILLISECOND)), 0);
    CHECK_EQ(none.revents, 0);
    fetch_add_release(&woken, 1);
}

static void deadline(void)
{
    make_pipes(2);
    CHECK_EQ(goc_poll_until(fds, 2, 0), 0);
    goc_time until = goc_deadline_after(2 * GOC_MILLISECOND);
    CHECK_EQ(goc_poll_until(fds, 2, until), 0);
    CHECK(goc_now() >= until);
    CHECK_EQ(goc_poll_until(NULL, 0, goc_deadline_after(GOC_MILLISECOND)), 0);
    CHECK_EQ(goc_write(pipes[1][1], "x", 1), 1);
    CHECK_EQ(goc_poll_until(fds, 2, 0), 1);
}

/* The first wait of all, at no descriptor: nothing watches any yet. */
static void at_nothing_first(void)
{
    party_go(poll_nothing, NULL);
    poll_nothing(NULL);
    PARTY_UNTIL(load_acquire(&woken) == 2);
}

/* Ready at once: room to write, an end, a wrong number; negative ones are left out. */
static void ready_at_once(void)
{
    make_pipes(2);
    fds[0] = (struct pollfd){.fd = pipes[0][1], .events = POLLOUT};
    fds[1] = (struct pollfd){.fd = -1, .events = POLLIN};
    CHECK_EQ(goc_poll(fds, 2), 1);
    CHECK_EQ(fds[0].revents, POLLOUT);
    CHECK_EQ(goc_close(pipes[1][1]), 0);
    fds[1].fd = pipes[1][0];
    CHECK_EQ(goc_poll(fds, 2), 2);
    CHECK_EQ(fds[1].revents, POLLHUP);
    fds[1].fd = 900;
    CHECK_EQ(goc_poll(fds + 1, 1), 1);
    CHECK_EQ(fds[1].revents, POLLNVAL);
}

static void poll_until_closed(void *unused)
{
    (void)unused;
    CHECK_EQ(goc_poll(fds, 2), 1);
    CHECK_EQ(fds[0].revents, 0);
    CHECK_EQ(fds[1].revents, POLLNVAL);
    fetch_add_release(&woken, 1);
}

static void closed_meanwhile(void)
{
    for (int i = 0; i < 30; i++) {
        make_pipes(2);
        store_release(&woken, 0);
        party_go(poll_until_closed, NULL);
        for (int j = 0; j < i; j++)
            goc_yield();
        CHECK_EQ(goc_close(pipes[1][0]), 0);
        PARTY_UNTIL(load_acquire(&woken) == 1);
        CHECK_EQ(goc_close(pipes[1][1]), 0);
        CHECK_EQ(goc_close(pipes[0][0]), 0);
        CHECK_EQ(goc_close(pipes[0][1]), 0);
    }
}

/* As poll(2) answers, which looks at no descriptor before it knows. */
static void wrong_arguments(void)
{
    CHECK_EQ(goc_poll(NULL, 1), -EFAULT);
    CHECK_EQ(goc_poll(NULL, 20), -EFAULT);
    CHECK_EQ(goc_poll(fds, ULONG_MAX), -EINVAL);
    CHECK_EQ(goc_poll(fds, (unsigned long)INT_MAX + 1), -EINVAL);
    CHECK_EQ(goc_poll_until(NULL, 0, 0), 0);
}

static const struct isolated_case cases[] = {
    ISOLATED(few),
    ISOLATED(many),
    ISOLATED(a_thread),
    ISOLATED(deadline),
    ISOLATED(ready_at_once),
    ISOLATED(closed_meanwhile),
    ISOLATED(at_nothing_first),
    ISOLATED(wrong_arguments),
};

ISOLATED_MAIN(cases)
