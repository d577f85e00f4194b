/* Accept, connect, messages. */
#include "base/atomic.h"
#include "isolated.h"
#include "loopback.h"
#include "party.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/un.h>

static struct sockaddr_in address;
static int served; // atomic

static void serve(void *fd)
{
    char buffer[64];
    ssize_t got;
    int connection = (int)(intptr_t)fd;
    while ((got = goc_recv(connection, buffer, sizeof buffer, 0)) > 0)
        CHECK_EQ(goc_send(connection, buffer, (size_t)got, 0), got);
    CHECK_EQ(got, 0);
    CHECK_EQ(goc_close(connection), 0);
    fetch_add_release(&served, 1);
}

static void accept_all(void *listener)
{
    int fd;
    while ((fd = goc_accept(*(int *)listener, NULL, NULL)) >= 0)
        party_go(serve, (void *)(intptr_t)fd);
    CHECK_EQ(fd, -EBADF);
}

static void talk(void *unused)
{
    (void)unused;
    int fd = loopback_connect(&address);
    for (int i = 0; i < 20; i++) {
        char buffer[64];
        CHECK_EQ(goc_send(fd, "question", 8, 0), 8);
        CHECK_EQ(goc_recv(fd, buffer, sizeof buffer, 0), 8);
        CHECK(memcmp(buffer, "question", 8) == 0);
    }
    CHECK_EQ(goc_close(fd), 0);
}

static void many_clients(void)
{
    enum { CLIENTS = 200 };
    int listener = loopback_listen(&address);
    party_go(accept_all, &listener);
    for (int i = 0; i < CLIENTS; i++)
        party_go(talk, NULL);
    PARTY_UNTIL(load_acquire(&served) == CLIENTS);
    CHECK_EQ(goc_close(listener), 0);
}

/* Several accept at one socket: every connection finds one of them. */
static void many_acceptors(void)
{
    enum { CLIENTS = 50 };
    int listener = loopback_listen(&address);
    for (int i = 0; i < 5; i++)
        party_go(accept_all, &listener);
    for (int i = 0; i < CLIENTS; i++)
        party_go(talk, NULL);
    PARTY_UNTIL(load_acquire(&served) == CLIENTS);
    CHECK_EQ(goc_close(listener), 0);
}

static void accepted_as_asked(void)
{
    int listener = loopback_listen(&address);
    CHECK_EQ(goc_accept_until(listener, NULL, NULL, goc_deadline_after(GOC_MILLISECOND)),
             -ETIMEDOUT);
    int client = loopback_connect(&address);
    struct sockaddr_in peer = {0};
    struct sockaddr_in own = {0};
    socklen_t peer_size = sizeof peer;
    socklen_t own_size = sizeof own;
    int fd = goc_accept(listener, loopback_address(&peer), &peer_size);
    CHECK(fd >= 0);
    CHECK_EQ(getsockname(client, loopback_address(&own), &own_size), 0);
    CHECK_EQ(peer_size, own_size);
    CHECK_EQ(peer.sin_port, own.sin_port);
    CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void connection_refused(void)
{
    for (int i = 0; i < 20; i++) {
        int listener = loopback_listen(&address);
        CHECK_EQ(goc_close(listener), 0);
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        CHECK_EQ(goc_connect(fd, loopback_address(&address), sizeof address),
                 -ECONNREFUSED);
        CHECK_EQ(goc_close(fd), 0);
    }
}

/* A listener whose queue is full answers nobody: the deadline does. */
static void connect_deadline(void)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(listener >= 0);
    address = (struct sockaddr_in){.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    CHECK_EQ(bind(listener, loopback_address(&address), size), 0);
    CHECK_EQ(listen(listener, 0), 0);
    CHECK_EQ(getsockname(listener, loopback_address(&address), &size), 0);
    int result = 0;
    for (int i = 0; i < 10 && result == 0; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        result = goc_connect_until(fd, loopback_address(&address), sizeof address,
                                   goc_deadline_after(20 * GOC_MILLISECOND));
    }
    CHECK_EQ(result, -ETIMEDOUT);
}

static void no_such_path(void)
{
    struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "/tmp/no/such/socket"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK_EQ(goc_connect(fd, (struct sockaddr *)&path, sizeof path), -ENOENT);
    CHECK_EQ(goc_close(fd), 0);
    CHECK_EQ(goc_accept(0, NULL, NULL), -ENOTSOCK);
}

static int receiver;

static void receive_datagrams(void *unused)
{
    (void)unused;
    char text[3];
    char more[8];
    struct iovec parts[] = {{text, sizeof text}, {more, sizeof more}};
    struct sockaddr_in from;
    struct msghdr message = {
        .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = parts, .msg_iovlen = 2};
    CHECK_EQ(goc_recvmsg(receiver, &message, 0), 5);
    CHECK(memcmp(text, "hel", 3) == 0);
    CHECK(memcmp(more, "lo", 2) == 0);
    CHECK_EQ(from.sin_family, AF_INET);
    CHECK_EQ(goc_recv(receiver, text, sizeof text, 0), 0); /* an empty one */
    CHECK_EQ(goc_recvmsg_until(receiver, &message, 0, goc_deadline_after(1)), -ETIMEDOUT);
    fetch_add_release(&served, 1);
}

static void datagrams(void)
{
    receiver = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(receiver >= 0);
    address = (struct sockaddr_in){.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    CHECK_EQ(bind(receiver, loopback_address(&address), size), 0);
    CHECK_EQ(getsockname(receiver, loopback_address(&address), &size), 0);
    party_go(receive_datagrams, NULL);
    goc_yield();
    int sender = socket(AF_INET, SOCK_DGRAM, 0);
    struct iovec part = {(void *)(uintptr_t)"hello", 5};
    struct msghdr message = {.msg_name = &address,
                             .msg_namelen = sizeof address,
                             .msg_iov = &part,
                             .msg_iovlen = 1};
    CHECK_EQ(goc_sendmsg(sender, &message, 0), 5);
    CHECK_EQ(goc_connect(sender, loopback_address(&address), sizeof address), 0);
    CHECK_EQ(goc_send(sender, "", 0, 0), 0);
    PARTY_UNTIL(load_acquire(&served) == 1);
}

static void *accept_in_thread(void *listener)
{
    int fd = goc_accept(*(int *)listener, NULL, NULL);
    serve((void *)(intptr_t)fd);
    return NULL;
}

static void a_thread_serves(void)
{
    int listener = loopback_listen(&address);
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, accept_in_thread, &listener), 0);
    talk(NULL);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

/* The other goroutine never parks: who waits for events runs all the same. */
static void beside_a_busy_goroutine(void)
{
    int listener = loopback_listen(&address);
    party_go(accept_all, &listener);
    party_go(talk, NULL);
    while (load_acquire(&served) == 0)
        cpu_relax();
}

static const struct isolated_case cases[] = {
    ISOLATED(many_clients),
    ISOLATED(many_acceptors),
    ISOLATED(accepted_as_asked),
    ISOLATED(connection_refused),
    ISOLATED(connect_deadline),
    ISOLATED(no_such_path),
    ISOLATED(datagrams),
    ISOLATED(a_thread_serves),
    ISOLATED(beside_a_busy_goroutine),
};

ISOLATED_MAIN(cases)
