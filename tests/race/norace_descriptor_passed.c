/* A descriptor that came as a message is the one that was sent, and a pipe that is opened once more
 * by its name is the same pipe. */
// BEYOND TSAN: it takes the two for two files
#include "pair.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { COUNTER, PIPE, PAIR, ALL };

int shared[ALL + 1];
static int ends[2];
static int counter;
static int pipes[2];
static int pairs[2];
static int named[2];

union rights {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int) * ALL)];
};

static struct msghdr message_of(struct iovec *part, union rights *rights)
{
    return (struct msghdr){.msg_iov = part,
                           .msg_iovlen = 1,
                           .msg_control = rights->bytes,
                           .msg_controllen = sizeof rights->bytes};
}

static void pass(void)
{
    int fds[ALL] = {counter, pipes[0], pairs[0]};
    char byte = 'x';
    struct iovec part = {&byte, 1};
    union rights rights = {.head = {.cmsg_level = SOL_SOCKET,
                                    .cmsg_type = SCM_RIGHTS,
                                    .cmsg_len = CMSG_LEN(sizeof fds)}};
    memcpy(CMSG_DATA(&rights.head), fds, sizeof fds);
    struct msghdr message = message_of(&part, &rights);
    CHECK_EQ(sendmsg(ends[0], &message, 0), 1);
}

static void first(void)
{
    pass();
    barrier_await(&step, 1);
    eventfd_t one = 1;
    shared[COUNTER] = 1;
    CHECK_EQ(write(counter, &one, sizeof one), sizeof one);
    shared[PIPE] = 1;
    CHECK_EQ(write(pipes[1], "x", 1), 1);
    shared[PAIR] = 1;
    CHECK_EQ(write(pairs[1], "x", 1), 1);
    char name[40];
    snprintf(name, sizeof name, "/dev/fd/%d", named[1]);
    int fd = open(name, O_WRONLY);
    CHECK(fd >= 0);
    shared[ALL] = 1;
    CHECK_EQ(write(fd, "x", 1), 1);
}

static void second(void)
{
    int fds[ALL];
    char byte;
    struct iovec part = {&byte, 1};
    union rights rights;
    struct msghdr message = message_of(&part, &rights);
    CHECK_EQ(recvmsg(ends[1], &message, 0), 1);
    memcpy(fds, CMSG_DATA(&rights.head), sizeof fds);
    barrier_arrive(&step);
    eventfd_t value;
    CHECK_EQ(read(fds[COUNTER], &value, sizeof value), sizeof value);
    CHECK_EQ(shared[COUNTER], 1);
    CHECK_EQ(read(fds[PIPE], &byte, 1), 1);
    CHECK_EQ(shared[PIPE], 1);
    CHECK_EQ(read(fds[PAIR], &byte, 1), 1);
    CHECK_EQ(shared[PAIR], 1);
    CHECK_EQ(read(named[0], &byte, 1), 1);
    CHECK_EQ(shared[ALL], 1);
}

int main(void)
{
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs), 0);
    CHECK(pipe(pipes) == 0 && pipe(named) == 0);
    counter = eventfd(0, 0);
    pair_at_once();
}
