/* Close: who waits gets an error, and no number is another file's too early. */
#include "base/atomic.h"
#include "isolated.h"
#include "loopback.h"
#include "party.h"

#include <errno.h>
#include <fcntl.h>

static int woken; // atomic

/* Numbers that nobody is given by chance: who comes late to a closed one finds no other file. */
enum { APART = 700 };

static int move_apart(int fd)
{
    int apart = fcntl(fd, F_DUPFD, APART);
    CHECK(apart >= APART);
    CHECK_EQ(goc_close(fd), 0);
    return apart;
}

/* A pipe, or a TCP connection, whose ends have such numbers. */
static void make_ends(bool is_pipe, int ends[2])
{
    if (is_pipe)
        CHECK_EQ(pipe(ends), 0);
    else
        loopback_pair(ends);
    ends[0] = move_apart(ends[0]);
    ends[1] = move_apart(ends[1]);
}

static void read_until_closed(void *fd)
{
    char byte;
    CHECK_EQ(goc_read(*(int *)fd, &byte, 1), -EBADF);
    fetch_add_release(&woken, 1);
}

static void write_until_closed(void *fd)
{
    static char large[1 << 16];
    ssize_t done;
    do
        done = goc_write(*(int *)fd, large, sizeof large);
    while (done > 0);
    CHECK_EQ(done, -EBADF);
    fetch_add_release(&woken, 1);
}

static void read_to_the_end_or_close(void *fd)
{
    char buffer[4096];
    ssize_t got;
    do
        got = goc_read(*(int *)fd, buffer, sizeof buffer);
    while (got > 0);
    CHECK(got == 0 || got == -EBADF);
    fetch_add_release(&woken, 1);
}

static void start_thread(void (*f)(void *), void *argument)
{
    CHECK_EQ(pthread_detach(party_thread(f, argument)), 0);
}

static void wakes_readers(void)
{
    for (int round = 0; round < 50; round++) {
        int ends[2];
        store_release(&woken, 0);
        make_ends(round % 2 == 0, ends);
        for (int i = 0; i < 3; i++)
            party_go(read_until_closed, &ends[0]);
        for (int i = 0; i < round; i++)
            goc_yield();
        CHECK_EQ(goc_close(ends[0]), 0);
        PARTY_UNTIL(load_acquire(&woken) == 3);
        CHECK_EQ(goc_close(ends[1]), 0);
    }
}

static void wakes_writers(void)
{
    for (int round = 0; round < 20; round++) {
        int ends[2];
        store_release(&woken, 0);
        make_ends(round % 2 == 0, ends);
        for (int i = 0; i < 3; i++)
            party_go(write_until_closed, &ends[1]);
        for (int i = 0; i < round * 5; i++)
            goc_yield();
        CHECK_EQ(goc_close(ends[1]), 0);
        PARTY_UNTIL(load_acquire(&woken) == 3);
        CHECK_EQ(goc_close(ends[0]), 0);
    }
}

static void wakes_threads(void)
{
    for (int round = 0; round < 10; round++) {
        int ends[2];
        store_release(&woken, 0);
        make_ends(true, ends);
        start_thread(read_until_closed, &ends[0]);
        for (int i = 0; i < round * 20; i++)
            goc_yield();
        CHECK_EQ(goc_close(ends[0]), 0);
        PARTY_UNTIL(load_acquire(&woken) == 1);
        CHECK_EQ(goc_close(ends[1]), 0);
    }
}

static void accept_until_closed(void *fd)
{
    CHECK_EQ(goc_accept(*(int *)fd, NULL, NULL), -EBADF);
    fetch_add_release(&woken, 1);
}

static void wakes_acceptors(void)
{
    struct sockaddr_in address;
    int listener = move_apart(loopback_listen(&address));
    for (int i = 0; i < 3; i++)
        party_go(accept_until_closed, &listener);
    for (int i = 0; i < 50; i++)
        goc_yield();
    CHECK_EQ(goc_close(listener), 0);
    PARTY_UNTIL(load_acquire(&woken) == 3);
}

static void closed_twice(void)
{
    int ends[2];
    make_ends(true, ends);
    CHECK_EQ(goc_close(ends[0]), 0);
    CHECK_EQ(goc_close(ends[0]), -EBADF);
    CHECK_EQ(goc_close(-1), -EBADF);
    char byte;
    CHECK_EQ(goc_read(ends[0], &byte, 1), -EBADF);
}

static int shared_fd;
static int closed; // atomic

static void close_shared(void *unused)
{
    (void)unused;
    fetch_add_release(&closed, goc_close(shared_fd) == 0 ? 1 : 0);
    fetch_add_release(&woken, 1);
}

/* Of many that close at once one does. */
static void one_of_many_closes(void)
{
    for (int round = 0; round < 50; round++) {
        int ends[2];
        store_release(&woken, 0);
        store_release(&closed, 0);
        make_ends(true, ends);
        shared_fd = ends[0];
        for (int i = 0; i < 6; i++)
            party_go(close_shared, NULL);
        PARTY_UNTIL(load_acquire(&woken) == 6);
        CHECK_EQ(load_acquire(&closed), 1);
        CHECK_EQ(goc_write(ends[1], "x", 1), -EPIPE); /* nobody reads any more */
        CHECK_EQ(goc_close(ends[1]), 0);
    }
}

/* The end of a reader's pipe, or its close: whichever is first. */
static void close_of_both_ends(void)
{
    for (int round = 0; round < 50; round++) {
        int ends[2];
        store_release(&woken, 0);
        make_ends(true, ends);
        party_go(read_to_the_end_or_close, &ends[0]);
        for (int i = 0; i < round; i++)
            goc_yield();
        CHECK_EQ(goc_close(ends[1]), 0);
        CHECK_EQ(goc_close(ends[0]), 0);
        PARTY_UNTIL(load_acquire(&woken) == 1);
    }
}

static const struct isolated_case cases[] = {
    ISOLATED(wakes_readers),      ISOLATED(wakes_writers), ISOLATED(wakes_threads),
    ISOLATED(wakes_acceptors),    ISOLATED(closed_twice),  ISOLATED(one_of_many_closes),
    ISOLATED(close_of_both_ends),
};

ISOLATED_MAIN(cases)
