/* Connect, in each state that a socket can be in: what libc's answers on a blocking one. */
#include "base/atomic.h"
#include "isolated.h"
#include "loopback.h"
#include "party.h"

#include <errno.h>
#include <stdio.h>
#include <sys/un.h>
#include <unistd.h>

static void by_goroutine_and_thread(void (*f)(void *))
{
    f(NULL);
    pthread_t thread = party_thread(f, NULL);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void connect_again(void *unused)
{
    (void)unused;
    struct sockaddr_in address;
    int listener = loopback_listen(&address);
    int fd = loopback_connect(&address);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(goc_connect(fd, loopback_address(&address), sizeof address), -EISCONN);
    CHECK_EQ(goc_close(fd), 0);
    CHECK_EQ(goc_connect(listener, loopback_address(&address), sizeof address), -EISCONN);
    CHECK_EQ(goc_close(listener), 0);
}

static void connected_already(void)
{
    by_goroutine_and_thread(connect_again);
}

static void be_refused(void *unused)
{
    (void)unused;
    struct sockaddr_in address;
    int listener = loopback_listen(&address);
    struct sockaddr_in nobody;
    CHECK_EQ(goc_close(loopback_listen(&nobody)), 0);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(goc_connect(fd, loopback_address(&nobody), sizeof nobody),
                 -ECONNREFUSED);
    CHECK_EQ(goc_connect(fd, loopback_address(&address), sizeof address), 0);
    CHECK_EQ(goc_close(fd), 0);
    CHECK_EQ(goc_close(listener), 0);
}

/* A socket that was refused may try again, elsewhere too. */
static void refused_and_again(void)
{
    by_goroutine_and_thread(be_refused);
}

static void connect_datagrams(void *unused)
{
    (void)unused;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons(9)};
    const struct sockaddr none = {.sa_family = AF_UNSPEC};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(goc_connect(fd, loopback_address(&address), sizeof address), 0);
    CHECK_EQ(goc_connect(fd, &none, sizeof none), 0);
    CHECK_EQ(goc_send(fd, "", 0, 0), -EDESTADDRREQ);
    CHECK_EQ(goc_close(fd), 0);
}

/* They have a peer by default, which may be another one or none. */
static void datagrams(void)
{
    by_goroutine_and_thread(connect_datagrams);
}

static struct sockaddr_un path;

static int unix_listen(void)
{
    path = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(path.sun_path + 1, sizeof path.sun_path - 1, "goc-test-connect-%d",
             (int)getpid()); /* behind a zero: no file */
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(fd >= 0);
    CHECK_EQ(bind(fd, (struct sockaddr *)&path, sizeof path), 0);
    CHECK_EQ(listen(fd, 0), 0);
    return fd;
}

static int unix_connect(int fd, goc_time deadline)
{
    return goc_connect_until(fd, (struct sockaddr *)&path, sizeof path, deadline);
}

/* Fill LISTENER's queue; returns how many it took. */
static int fill(void)
{
    int count = 0;
    int result;
    do {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        result = unix_connect(fd, goc_now());
        count += result == 0;
        if (result != 0)
            CHECK_EQ(goc_close(fd), 0);
    } while (result == 0);
    CHECK_EQ(result, -ETIMEDOUT);
    return count;
}

static int waiting; // atomic: its socket, once the connect is under way
static int outcome; // atomic: 1 more than the connect's result negated

static void connect_and_tell(void *unused)
{
    (void)unused;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    store_release(&waiting, fd);
    int result = unix_connect(fd, GOC_NEVER);
    store_release(&outcome, 1 - result);
}

static int fill_and_wait(bool by_thread)
{
    int listener = unix_listen();
    CHECK(fill() > 0);
    CHECK_EQ(unix_connect(socket(AF_UNIX, SOCK_STREAM, 0),
                          goc_deadline_after(3 * GOC_MILLISECOND)),
             -ETIMEDOUT);
    store_release(&waiting, 0);
    store_release(&outcome, 0);
    if (by_thread)
        CHECK_EQ(pthread_detach(party_thread(connect_and_tell, NULL)), 0);
    else
        party_go(connect_and_tell, NULL);
    PARTY_UNTIL(load_acquire(&waiting) != 0);
    goc_time begin = goc_now();
    PARTY_UNTIL(goc_now() >= begin + 2 * GOC_MILLISECOND);
    CHECK_EQ(load_acquire(&outcome), 0);
    return listener;
}

/* A unix socket's listener whose queue is full says nothing when there is room again. */
static void full_queue(void)
{
    for (int i = 0; i < 2; i++) {
        int listener = fill_and_wait(i);
        CHECK_EQ(goc_close(goc_accept(listener, NULL, NULL)), 0);
        PARTY_UNTIL(load_acquire(&outcome) != 0);
        CHECK_EQ(load_acquire(&outcome), 1);
        CHECK_EQ(goc_close(listener), 0);
    }
}

static void closed_before_there_is_room(void)
{
    for (int i = 0; i < 2; i++) {
        int listener = fill_and_wait(i);
        CHECK_EQ(goc_close(load_acquire(&waiting)), 0);
        PARTY_UNTIL(load_acquire(&outcome) != 0);
        CHECK_EQ(load_acquire(&outcome), 1 + EBADF);
        CHECK_EQ(goc_close(listener), 0);
    }
}

static const struct isolated_case cases[] = {
    ISOLATED(connected_already),
    ISOLATED(refused_and_again),
    ISOLATED(datagrams),
    ISOLATED(full_queue),
    ISOLATED(closed_before_there_is_room),
};

ISOLATED_MAIN(cases)
