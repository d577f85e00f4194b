/* Busy sockets: read by turns while others are queued, by events once that does not pay, and
 * nothing is slept through on the way from the one to the other. */
#include "base/atomic.h"
#include "io/busy.h"
#include "isolated.h"
#include "loopback.h"
#include "party.h"

#include <errno.h>
#include <goc/sync.h>
#include <netinet/tcp.h>

enum { PAIRS = 40, ROUNDS = 200, CROWD = 3 };

static int finished; // atomic
static int busy;     // atomic: sockets found to be it
static int leave;    // atomic: the crowd may go

static bool is_watched(int fd)
{
    return load_acquire(&goc__desc(fd)->flags) & DESC_WATCHED;
}

/* FD has shown a short read, and is taken to be busy for so many looks. */
static void make_busy(int fd, int credit)
{
    CHECK(load_relaxed(&goc__desc(fd)->drained) != 0);
    store_relaxed(&goc__desc(fd)->credit, credit);
}

static void keep_queued(void *unused)
{
    (void)unused;
    while (!load_acquire(&leave))
        goc_yield();
    fetch_add_release(&finished, 1);
}

/* From now on every P always has goroutines queued. */
static int crowd(void)
{
    int count = CROWD * goc_maxprocs(0);
    for (int i = 0; i < count; i++)
        party_go(keep_queued, NULL);
    return count;
}

/* The two ends of a connection over which one byte has come to each, and been read. */
static void used_pair(int ends[2])
{
    loopback_pair(ends);
    for (int i = 0; i < 2; i++) {
        char buffer[16];
        int on = 1;
        /* Else a second byte waits for the first one's acknowledgement, which comes late. */
        CHECK_EQ(setsockopt(ends[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
        CHECK_EQ(goc_write(ends[1 - i], "x", 1), 1);
        CHECK_EQ(goc_read(ends[i], buffer, sizeof buffer), 1);
        CHECK_EQ(goc_read_until(ends[i], buffer, sizeof buffer, goc_now() + 1),
                 -ETIMEDOUT);
        CHECK_EQ(goc_write(ends[1 - i], "x", 1), 1);
        CHECK_EQ(goc_read(ends[i], buffer, sizeof buffer), 1);
    }
}

static void echo(void *end)
{
    loopback_echo(*(int *)end);
    fetch_add_release(&finished, 1);
}

static void ask(void *end)
{
    int fd = *(int *)end;
    for (int round = 0; round < ROUNDS; round++) {
        loopback_ask(fd, round, 200);
        if (load_relaxed(&goc__desc(fd)->credit) > 0 && !is_watched(fd))
            fetch_or_relaxed(&busy, 1);
    }
    CHECK_EQ(goc_close(fd), 0);
    fetch_add_release(&finished, 1);
}

/* Where a P alone has all of them, it never sleeps. */
static void sockets_that_talk_become_busy(void)
{
    static int ends[PAIRS][2];
    for (int i = 0; i < PAIRS; i++) {
        loopback_pair(ends[i]);
        party_go(echo, &ends[i][1]);
        party_go(ask, &ends[i][0]);
    }
    PARTY_UNTIL(load_acquire(&finished) == 2 * PAIRS);
    CHECK(goc_maxprocs(0) > 1 || load_relaxed(&busy));
}

/* The second byte comes when its reader waits for events again. */
static void read_twice(void *end)
{
    int fd = *(int *)end;
    char buffer[16];
    CHECK_EQ(goc_read(fd, buffer, sizeof buffer), 1);
    CHECK(goc_maxprocs(0) > 1 || !is_watched(fd));
    fetch_add_release(&finished, 1);
    CHECK_EQ(goc_read(fd, buffer, sizeof buffer), 1);
    fetch_add_release(&finished, 1);
}

static void what_comes_late_is_seen(void)
{
    int ends[2];
    used_pair(ends);
    int count = crowd();
    make_busy(ends[0], BUSY_CREDIT);
    party_go(read_twice, &ends[0]);
    CHECK_EQ(goc_write(ends[1], "x", 1), 1);
    PARTY_UNTIL(load_acquire(&finished) == 1 && is_watched(ends[0]));
    CHECK_EQ(goc_write(ends[1], "x", 1), 1);
    PARTY_UNTIL(load_acquire(&finished) == 2);
    store_release(&leave, 1);
    PARTY_UNTIL(load_acquire(&finished) == 2 + count);
}

/* Not by the one that was queued when the last of the others ended. */
static void what_comes_when_all_have_gone_is_seen(void)
{
    for (int round = 0; round < 50; round++) {
        int ends[2];
        store_release(&finished, 0);
        store_release(&leave, 0);
        used_pair(ends);
        int count = crowd();
        make_busy(ends[0], BUSY_CREDIT_MOST);
        party_go(read_twice, &ends[0]);
        CHECK_EQ(goc_write(ends[1], "x", 1), 1);
        PARTY_UNTIL(load_acquire(&finished) == 1);
        store_release(&leave, 1);
        PARTY_UNTIL(load_acquire(&finished) == 1 + count);
        CHECK_EQ(goc_write(ends[1], "x", 1), 1);
        PARTY_UNTIL(load_acquire(&finished) == 2 + count);
        CHECK_EQ(goc_close(ends[0]), 0);
        CHECK_EQ(goc_close(ends[1]), 0);
    }
}

static void its_deadline_ends_it(void)
{
    int ends[2];
    char buffer[16];
    used_pair(ends);
    int count = crowd();
    for (int i = 0; i < 20; i++) {
        make_busy(ends[0], BUSY_CREDIT_MOST);
        CHECK_EQ(goc_read_until(ends[0], buffer, sizeof buffer, goc_now() + 1000),
                 -ETIMEDOUT);
        CHECK_EQ(goc_write(ends[1], "x", 1), 1);
        CHECK_EQ(goc_read(ends[0], buffer, sizeof buffer), 1);
    }
    store_release(&leave, 1);
    PARTY_UNTIL(load_acquire(&finished) == count);
}

static void read_until_closed(void *end)
{
    char buffer[16];
    CHECK_EQ(goc_read(*(int *)end, buffer, sizeof buffer), -EBADF);
    fetch_add_release(&finished, 1);
}

static void a_close_ends_it(void)
{
    for (int round = 0; round < 50; round++) {
        int ends[2];
        store_release(&finished, 0);
        store_release(&leave, 0);
        used_pair(ends);
        int count = crowd();
        make_busy(ends[0], BUSY_CREDIT_MOST);
        party_go(read_until_closed, &ends[0]);
        for (int i = 0; i < round; i++)
            goc_yield();
        CHECK_EQ(goc_close(ends[0]), 0);
        PARTY_UNTIL(load_acquire(&finished) == 1);
        CHECK_EQ(goc_close(ends[1]), 0);
        store_release(&leave, 1);
        PARTY_UNTIL(load_acquire(&finished) == 1 + count);
    }
}

static void its_end_is_seen(void)
{
    int ends[2];
    char buffer[16];
    used_pair(ends);
    int count = crowd();
    make_busy(ends[0], BUSY_CREDIT);
    CHECK_EQ(goc_write(ends[1], "x", 1), 1);
    CHECK_EQ(goc_close(ends[1]), 0);
    CHECK_EQ(goc_read(ends[0], buffer, sizeof buffer), 1);
    CHECK_EQ(goc_read(ends[0], buffer, sizeof buffer), 0);
    CHECK_EQ(goc_read(ends[0], buffer, sizeof buffer), 0);
    store_release(&leave, 1);
    PARTY_UNTIL(load_acquire(&finished) == count);
}

enum { LARGE = 16 << 20 };

static void write_large(void *end)
{
    char *buffer = calloc(LARGE, 1);
    CHECK(buffer != NULL);
    CHECK_EQ(goc_write(*(int *)end, buffer, LARGE), LARGE);
    free(buffer);
    fetch_add_release(&finished, 1);
}

/* The reader of a busy socket has the poller forget it; not while a writer waits there. */
static void who_waits_to_write_is_woken(void)
{
    int ends[2];
    char buffer[16];
    used_pair(ends);
    int count = crowd();
    party_go(write_large, &ends[0]);
    for (int i = 0; i < 1000; i++)
        goc_yield();
    for (int i = 0; i < 10; i++) {
        make_busy(ends[0], BUSY_CREDIT);
        CHECK_EQ(goc_write(ends[1], "x", 1), 1);
        CHECK_EQ(goc_read(ends[0], buffer, sizeof buffer), 1);
    }
    static char large[1 << 16];
    for (long total = 0, got; total < LARGE; total += got) {
        got = goc_read(ends[1], large, sizeof large);
        CHECK(got > 0);
    }
    PARTY_UNTIL(load_acquire(&finished) == 1);
    store_release(&leave, 1);
    PARTY_UNTIL(load_acquire(&finished) == 1 + count);
}

static const struct isolated_case cases[] = {
    ISOLATED(sockets_that_talk_become_busy),
    ISOLATED(what_comes_late_is_seen),
    ISOLATED(what_comes_when_all_have_gone_is_seen),
    ISOLATED(its_deadline_ends_it),
    ISOLATED(a_close_ends_it),
    ISOLATED(its_end_is_seen),
    ISOLATED(who_waits_to_write_is_woken),
};

ISOLATED_MAIN(cases)
