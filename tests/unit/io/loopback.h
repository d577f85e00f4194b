/* Sockets on the loopback interface, for the tests of io. */
#ifndef TESTS_UNIT_IO_LOOPBACK_H
#define TESTS_UNIT_IO_LOOPBACK_H

#include "check.h"

#include <arpa/inet.h>
#include <goc/io.h>
#include <netinet/in.h>
#include <stdbool.h>

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

#endif
