/* Sockets on the loopback interface, for the tests of io. */
#ifndef TESTS_UNIT_IO_LOOPBACK_H
#define TESTS_UNIT_IO_LOOPBACK_H

#include "check.h"

#include <arpa/inet.h>
#include <goc/io.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

static inline struct sockaddr *loopback_address(const struct sockaddr_in *address)
{
    return (struct sockaddr *)(void *)address;
}

/* A TCP socket that listens on a port of its own; its address into *ADDRESS. */
static inline int loopback_listen(struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof *address;
    CHECK_EQ(bind(fd, loopback_address(address), size), 0);
    CHECK_EQ(listen(fd, 4096), 0);
    CHECK_EQ(getsockname(fd, loopback_address(address), &size), 0);
    return fd;
}

static inline int loopback_connect(const struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    CHECK_EQ(goc_connect(fd, loopback_address(address), sizeof *address), 0);
    return fd;
}

/* The two ends of a TCP connection. */
static inline void loopback_pair(int ends[2])
{
    struct sockaddr_in address;
    int listener = loopback_listen(&address);
    ends[0] = loopback_connect(&address);
    ends[1] = goc_accept(listener, NULL, NULL);
    CHECK(ends[1] >= 0);
    CHECK_EQ(goc_close(listener), 0);
}

/* Send back what comes over FD until its peer closes, and close it. */
static inline void loopback_echo(int fd)
{
    char buffer[512];
    ssize_t got;
    while ((got = goc_read(fd, buffer, sizeof buffer)) > 0)
        CHECK_EQ(goc_write(fd, buffer, (size_t)got), got);
    CHECK_EQ(got, 0);
    CHECK_EQ(goc_close(fd), 0);
}

/* Send some bytes over FD, as many as ROUND says, and have them back; each read asks for MORE than
 * are to come, 200 at most. */
static inline void loopback_ask(int fd, int round, size_t more)
{
    char question[300];
    char answer[500];
    size_t size = (size_t)(1 + (round * 7 + fd) % (int)sizeof question);
    memset(question, round + fd, size);
    CHECK_EQ(goc_write(fd, question, size), (ssize_t)size);
    for (size_t have = 0; have < size;) {
        ssize_t got = goc_read(fd, answer + have, size - have + more);
        CHECK(got > 0);
        have += (size_t)got;
    }
    CHECK(memcmp(question, answer, size) == 0);
}

#endif
