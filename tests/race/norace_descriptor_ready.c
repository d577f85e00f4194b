/* Who is told that there is something to read comes after who wrote it, and need not read it. */
// BEYOND TSAN: it sees no order in being ready
#include "pair.h"

#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <unistd.h>

enum { POLL, PPOLL, SELECT, PSELECT, EPOLL, EDGE, ALIKE, ALL };

int shared[ALL];
static int counter[ALL];
static int poller[ALL];

static void first(void)
{
    eventfd_t one = 1;
    for (int i = 0; i < ALL; i++) {
        shared[i] = 1;
        CHECK_EQ(write(counter[i], &one, sizeof one), sizeof one);
    }
}

static void hear(int i)
{
    struct epoll_event event;
    CHECK_EQ(epoll_wait(poller[i], &event, 1, -1), 1);
    CHECK_EQ(shared[i], 1);
}

static void second(void)
{
    struct pollfd there = {.fd = counter[POLL], .events = POLLIN};
    CHECK_EQ(poll(&there, 1, -1), 1);
    CHECK_EQ(shared[POLL], 1);
    there.fd = counter[PPOLL];
    CHECK_EQ(ppoll(&there, 1, NULL, NULL), 1);
    CHECK_EQ(shared[PPOLL], 1);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(counter[SELECT], &set);
    CHECK_EQ(select(counter[SELECT] + 1, &set, NULL, NULL, NULL), 1);
    CHECK_EQ(shared[SELECT], 1);
    FD_ZERO(&set);
    FD_SET(counter[PSELECT], &set);
    CHECK_EQ(pselect(counter[PSELECT] + 1, &set, NULL, NULL, NULL, NULL), 1);
    CHECK_EQ(shared[PSELECT], 1);
    hear(EPOLL);
    hear(EDGE);
    hear(ALIKE);
}

/* Others are watched with the same data, and by the same poller with other data. */
static void arm(int i, uint32_t events, uint64_t data)
{
    struct epoll_event event = {.events = events, .data.u64 = data};
    poller[i] = epoll_create1(0);
    CHECK_EQ(epoll_ctl(poller[i], EPOLL_CTL_ADD, counter[i], &event), 0);
    for (int silent = 0; silent < 3; silent++) {
        event.data.u64 = silent == 0 ? data : UINT64_C(1000) + (unsigned)silent;
        CHECK_EQ(epoll_ctl(poller[i], EPOLL_CTL_ADD, eventfd(0, 0), &event), 0);
    }
}

int main(void)
{
    for (int i = 0; i < ALL; i++)
        counter[i] = eventfd(0, 0);
    arm(EPOLL, EPOLLIN, (uintptr_t)shared);
    arm(EDGE, EPOLLIN | EPOLLET | EPOLLONESHOT, 7);
    arm(ALIKE, EPOLLIN, 0);
    pair_in_order();
}
