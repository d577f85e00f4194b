/* A byte that went through a pipe, a socket pair or an eventfd orders its writer before its
 * reader. */
#include "pair.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

int shared[5];
static int ends[2];
static int sockets[2];
static int counter;
static int poller;
static int copy;

static void first(void)
{
    eventfd_t one = 1;
    shared[0] = 1;
    CHECK_EQ(write(ends[1], "x", 1), 1);
    shared[1] = 1;
    CHECK_EQ(send(sockets[0], "x", 1, 0), 1);
    shared[2] = 1;
    CHECK_EQ(write(counter, &one, sizeof one), sizeof one);
    shared[3] = 1;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &shared[3]};
    CHECK_EQ(epoll_ctl(poller, EPOLL_CTL_ADD, counter, &event), 0);
    shared[4] = 1;
    CHECK_EQ(write(copy, "y", 1), 1);
}

static void second(void)
{
    char byte;
    eventfd_t value;
    struct epoll_event event;
    CHECK_EQ(epoll_wait(poller, &event, 1, -1), 1);
    CHECK_EQ(*(int *)event.data.ptr, 1);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(shared[0], 1);
    CHECK_EQ(recv(sockets[1], &byte, 1, 0), 1);
    CHECK_EQ(shared[1], 1);
    CHECK_EQ(read(counter, &value, sizeof value), sizeof value);
    CHECK_EQ(shared[2], 1);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(shared[4], 1);
}

int main(void)
{
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    counter = eventfd(0, 0);
    poller = epoll_create1(0);
    copy = dup(ends[1]);
    pair_in_order();
}
