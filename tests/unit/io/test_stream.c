/* Reading and writing: what goes in comes out, the waiting ends when it should. */
#include "base/atomic.h"
#include "isolated.h"
#include "loopback.h"
#include "party.h"

#include <errno.h>
#include <fcntl.h>
#include <goc/chan.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

enum { LARGE = 1 << 20 };

static int finished; // atomic

/* Every kind of connection that a stream can be. */
static void make_ends(int kind, int ends[2])
{
    switch (kind) {
    case 0:
        CHECK_EQ(pipe(ends), 0);
        break;
    case 1:
        CHECK_EQ(pipe2(ends, O_NONBLOCK), 0);
        break;
    case 2:
        CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        int swap = ends[0];
        ends[0] = ends[1];
        ends[1] = swap;
        break;
    default:
        loopback_pair(ends);
    }
}

enum { KINDS = 4 };

static void write_large(void *argument)
{
    const int *ends = argument;
    char *buffer = malloc(LARGE);
    CHECK(buffer != NULL);
    for (int i = 0; i < LARGE; i++)
        buffer[i] = (char)(i % 251);
    CHECK_EQ(goc_write(ends[1], buffer, LARGE), LARGE);
    CHECK_EQ(goc_close(ends[1]), 0);
    free(buffer);
    fetch_add_release(&finished, 1);
}

static void read_all(int fd)
{
    char buffer[3000];
    long total = 0;
    ssize_t got;
    while ((got = goc_read(fd, buffer, sizeof buffer)) > 0) {
        for (ssize_t i = 0; i < got; i++)
            CHECK_EQ((unsigned char)buffer[i], (total + i) % 251);
        total += got;
    }
    CHECK_EQ(got, 0);
    CHECK_EQ(total, LARGE);
}

/* Far more than fits: the writer waits for the reader, and the end is seen, twice. */
static void all_of_it_and_the_end(void)
{
    for (int kind = 0; kind < KINDS; kind++) {
        int ends[2];
        make_ends(kind, ends);
        party_go(write_large, ends);
        read_all(ends[0]);
        char byte;
        CHECK_EQ(goc_read(ends[0], &byte, 1), 0);
        PARTY_UNTIL(load_acquire(&finished) == kind + 1);
        CHECK_EQ(goc_close(ends[0]), 0);
    }
}

static void *read_in_thread(void *fd)
{
    read_all(*(int *)fd);
    return NULL;
}

static void between_thread_and_goroutine(void)
{
    for (int kind = 0; kind < KINDS; kind++) {
        int ends[2];
        make_ends(kind, ends);
        pthread_t thread;
        CHECK_EQ(pthread_create(&thread, NULL, read_in_thread, &ends[0]), 0);
        party_go(write_large, ends);
        CHECK_EQ(pthread_join(thread, NULL), 0);
        PARTY_UNTIL(load_acquire(&finished) == kind + 1);
        pthread_t writer = party_thread(write_large, (make_ends(kind, ends), ends));
        read_all(ends[0]);
        CHECK_EQ(pthread_join(writer, NULL), 0);
        store_release(&finished, kind + 1);
    }
}

static void pong(void *argument)
{
    const int *ends = argument;
    char byte;
    while (goc_read(ends[1], &byte, 1) == 1)
        CHECK_EQ(goc_write(ends[1], &byte, 1), 1);
    fetch_add_release(&finished, 1);
}

/* Short reads, one after the other: none may wait for what has come. */
static void there_and_back(void)
{
    int ends[2];
    loopback_pair(ends);
    party_go(pong, ends);
    for (int i = 0; i < 2000; i++) {
        char byte = (char)i;
        char buffer[16];
        CHECK_EQ(goc_write(ends[0], &byte, 1), 1);
        CHECK_EQ(goc_read(ends[0], buffer, sizeof buffer), 1);
        CHECK_EQ(buffer[0], byte);
    }
    CHECK_EQ(goc_close(ends[0]), 0);
    PARTY_UNTIL(load_acquire(&finished) == 1);
}

/* The end comes together with the last bytes, before anybody reads. */
static void end_right_behind_the_data(void)
{
    for (int i = 0; i < 200; i++) {
        int ends[2];
        char buffer[16];
        loopback_pair(ends);
        CHECK_EQ(goc_read_until(ends[1], buffer, sizeof buffer, 0), -ETIMEDOUT);
        CHECK_EQ(goc_write(ends[0], "end", 3), 3);
        CHECK_EQ(goc_close(ends[0]), 0);
        CHECK_EQ(goc_read(ends[1], buffer, sizeof buffer), 3);
        CHECK_EQ(goc_read(ends[1], buffer, sizeof buffer), 0);
        CHECK_EQ(goc_close(ends[1]), 0);
    }
}

static void deadlines(void)
{
    for (int kind = 0; kind < KINDS; kind++) {
        int ends[2];
        char byte;
        make_ends(kind, ends);
        goc_time deadline = goc_deadline_after(3 * GOC_MILLISECOND);
        CHECK_EQ(goc_read_until(ends[0], &byte, 1, deadline), -ETIMEDOUT);
        CHECK(goc_now() >= deadline);
        CHECK_EQ(goc_read_until(ends[0], &byte, 1, 0), -ETIMEDOUT);
        CHECK_EQ(goc_write_until(ends[1], "x", 1, 0), 1);
        /* What is there is read, late as it is.  TCP: once it has come. */
        ssize_t got;
        PARTY_UNTIL((got = goc_read_until(ends[0], &byte, 1, 0)) != -ETIMEDOUT);
        CHECK_EQ(got, 1);
    }
}

static void *deadlines_in_thread(void *unused)
{
    deadlines();
    return unused;
}

static void deadlines_of_a_thread(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, deadlines_in_thread, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

/* A full pipe: a write that ran out of time says how far it came, then that it did. */
static void late_writes(void)
{
    static char large[LARGE];
    for (int kind = 0; kind < KINDS; kind++) {
        int ends[2];
        make_ends(kind, ends);
        ssize_t some;
        do
            some = goc_write_until(ends[1], large, LARGE,
                                   goc_deadline_after(2 * GOC_MILLISECOND));
        while (some > 0);
        CHECK_EQ(some, -ETIMEDOUT);
    }
}

static void broken_pipe(void)
{
    for (int kind = 0; kind < 3; kind++) {
        int ends[2];
        make_ends(kind, ends);
        CHECK_EQ(goc_close(ends[0]), 0);
        CHECK_EQ(goc_write(ends[1], "x", 1), -EPIPE);
        CHECK_EQ(goc_write(ends[1], "x", 1), -EPIPE);
        sigset_t pending;
        CHECK_EQ(sigpending(&pending), 0);
        CHECK(!sigismember(&pending, SIGPIPE));
    }
}

static void reset_connection(void)
{
    int ends[2];
    char byte;
    loopback_pair(ends);
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    CHECK_EQ(setsockopt(ends[0], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    CHECK_EQ(goc_close(ends[0]), 0);
    CHECK_EQ(goc_read(ends[1], &byte, 1), -ECONNRESET);
    CHECK_EQ(goc_write(ends[1], "x", 1), -EPIPE);
}

static void wrong_descriptors(void)
{
    char byte;
    CHECK_EQ(goc_read(-1, &byte, 1), -EBADF);
    CHECK_EQ(goc_write(1 << 30, "x", 1), -EBADF);
    CHECK_EQ(goc_read(900, &byte, 1), -EBADF);
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(goc_recv(ends[0], &byte, 1, 0), -ENOTSOCK);
    CHECK_EQ(goc_write(ends[0], "x", 1), -EBADF);
}

static void regular_files(void)
{
    char name[] = "/tmp/goc-test-XXXXXX";
    int fd = mkstemp(name);
    CHECK(fd >= 0);
    CHECK_EQ(unlink(name), 0);
    CHECK_EQ(goc_write(fd, "hello, file", 11), 11);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    char buffer[32];
    CHECK_EQ(goc_read(fd, buffer, sizeof buffer), 11);
    CHECK_EQ(goc_read(fd, buffer, sizeof buffer), 0);
    CHECK_EQ(goc_close(fd), 0);
}

static void raise_event(void *fd)
{
    uint64_t one = 1;
    CHECK_EQ(goc_write(*(int *)fd, &one, sizeof one), sizeof one);
}

static void refuse_at_once(void *unused)
{
    (void)unused;
    sigset_t none;
    sigemptyset(&none);
    int epoll = epoll_create1(0);
    int event = eventfd(0, 0);
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    int signals = signalfd(-1, &none, 0);
    goc_time deadline = goc_deadline_after(GOC_SECOND); /* not to be reached */
    char buffer[256] = {0};
    CHECK_EQ(goc_read_until(epoll, buffer, sizeof buffer, deadline), -EINVAL);
    CHECK_EQ(goc_read_until(epoll, buffer, 1, deadline), -EINVAL);
    CHECK_EQ(goc_write_until(epoll, buffer, sizeof buffer, deadline), -EINVAL);
    CHECK_EQ(goc_write_until(timer, buffer, sizeof buffer, deadline), -EINVAL);
    CHECK_EQ(goc_write_until(signals, buffer, sizeof buffer, deadline), -EINVAL);
    for (size_t size = 1; size < sizeof(uint64_t); size++) {
        CHECK_EQ(goc_read_until(event, buffer, size, deadline), -EINVAL);
        CHECK_EQ(goc_write_until(event, buffer, size, deadline), -EINVAL);
    }
    CHECK_EQ(goc_read_until(event, buffer, sizeof buffer, goc_now()), -ETIMEDOUT);
    CHECK_EQ(goc_read_until(timer, buffer, sizeof buffer, goc_now()), -ETIMEDOUT);
    CHECK_EQ(goc_read_until(signals, buffer, sizeof buffer, goc_now()), -ETIMEDOUT);
    CHECK_EQ(goc_close(epoll) + goc_close(event) + goc_close(timer) + goc_close(signals),
             0);
}

/* What no wait would make possible is refused as by libc, without one. */
static void what_a_descriptor_cannot(void)
{
    refuse_at_once(NULL);
    CHECK_EQ(pthread_join(party_thread(refuse_at_once, NULL), NULL), 0);
}

static void eventfds(void)
{
    int fd = eventfd(0, 0);
    party_go(raise_event, &fd);
    uint64_t value = 0;
    CHECK_EQ(goc_read(fd, &value, sizeof value), sizeof value);
    CHECK_EQ(value, 1);
}

static void write_byte(void *ends)
{
    CHECK_EQ(goc_write(((int *)ends)[1], "x", 1), 1);
    fetch_add_release(&finished, 1);
}

/* The same number is another file each time, and nobody said so. */
static void numbers_come_back(void)
{
    for (int i = 0; i < 60; i++) {
        int ends[2];
        make_ends(i % 3, ends);
        char byte;
        CHECK_EQ(goc_read_until(ends[0], &byte, 1, goc_deadline_after(1)), -ETIMEDOUT);
        party_go(write_byte, ends);
        CHECK_EQ(goc_read(ends[0], &byte, 1), 1);
        PARTY_UNTIL(load_acquire(&finished) == i + 1);
        CHECK_EQ(close(ends[0]), 0);
        CHECK_EQ(close(ends[1]), 0);
    }
}

static void read_one(void *fd)
{
    char byte;
    CHECK_EQ(goc_read(*(int *)fd, &byte, 1), 1);
    fetch_add_release(&finished, 1);
}

/* Many wait at one end: each byte wakes one of them for good. */
static void many_readers(void)
{
    enum { READERS = 50 };
    for (int kind = 0; kind < KINDS; kind++) {
        int ends[2];
        make_ends(kind, ends);
        store_release(&finished, 0);
        for (int i = 0; i < READERS; i++)
            party_go(read_one, &ends[0]);
        for (int i = 0; i < READERS; i++) {
            CHECK_EQ(goc_write(ends[1], "x", 1), 1);
            if (i % 3 == 0)
                goc_yield();
        }
        PARTY_UNTIL(load_acquire(&finished) == READERS);
    }
}

static void errno_stays(void)
{
    char byte;
    errno = 1234;
    CHECK_EQ(goc_read(900, &byte, 1), -EBADF);
    CHECK_EQ(errno, 1234);
}

/* What asks for nothing waits for nothing: as read and write of no bytes do. */
static void nothing_is_done_at_once(void)
{
    static char full[1 << 20];
    for (int kind = 0; kind < KINDS; kind++) {
        int ends[2];
        make_ends(kind, ends);
        CHECK_EQ(goc_read(ends[0], full, 0), 0);
        CHECK_EQ(goc_read_until(ends[0], full, 0, 0), 0);
        while (goc_write_until(ends[1], full, sizeof full, 0) > 0)
            ; /* until nothing more fits */
        CHECK_EQ(goc_write_until(ends[1], full, 0, 0), 0);
        CHECK_EQ(goc_close(ends[0]), 0);
        CHECK_EQ(goc_close(ends[1]), 0);
        CHECK_EQ(goc_read(ends[0], full, 0), -EBADF);
        CHECK_EQ(goc_write(ends[1], full, 0), -EBADF);
    }
}

static void read_for_ever(void *fd)
{
    char byte;
    goc_read(*(int *)fd, &byte, 1);
}

/* Somebody may always write to a pipe: no deadlock. */
static void waiting_is_no_deadlock(void)
{
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    char byte;
    goc_time deadline = goc_deadline_after(20 * GOC_MILLISECOND);
    CHECK_EQ(goc_read_until(ends[0], &byte, 1, deadline), -ETIMEDOUT);
    pid_t child = fork();
    if (child == 0) {
        usleep(50000); /* tidy: sleep, because the parent has to be asleep by then */
        _exit(write(ends[1], "x", 1) != 1);
    }
    CHECK_EQ(goc_read(ends[0], &byte, 1), 1);
}

/* But that of goroutines that wait for each other is, once nobody waits for events. */
static void deadlock_behind_it(void)
{
    static int ends[2];
    CHECK_EQ(pipe(ends), 0);
    party_go(read_for_ever, &ends[0]);
    for (int i = 0; i < 100; i++)
        goc_yield();
    CHECK_EQ(goc_close(ends[0]), 0);
    goc_chan_recv(goc_chan_make(1, 0), NULL);
}

static const struct isolated_case cases[] = {
    ISOLATED(all_of_it_and_the_end),
    ISOLATED(between_thread_and_goroutine),
    ISOLATED(there_and_back),
    ISOLATED(end_right_behind_the_data),
    ISOLATED(deadlines),
    ISOLATED(deadlines_of_a_thread),
    ISOLATED(late_writes),
    ISOLATED(broken_pipe),
    ISOLATED(reset_connection),
    ISOLATED(wrong_descriptors),
    ISOLATED(regular_files),
    ISOLATED(what_a_descriptor_cannot),
    ISOLATED(eventfds),
    ISOLATED(numbers_come_back),
    ISOLATED(many_readers),
    ISOLATED(errno_stays),
    ISOLATED(nothing_is_done_at_once),
    ISOLATED(waiting_is_no_deadlock),
    ISOLATED_PANIC(deadlock_behind_it,
                   "fatal error: all goroutines are asleep - deadlock!"),
};

ISOLATED_MAIN(cases)
