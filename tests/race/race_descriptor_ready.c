/* To be ready says who wrote there: nothing of another's writer, and nothing where there is only
 * room to write. */
// BEYOND TSAN: it takes a write for an acquire as well
#include "pair.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

int shared[3];
static int counter[3];
static int room[2];
static int poller;

static void first(void)
{
    eventfd_t one = 1;
    shared[0] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(write(counter[0], &one, sizeof one), sizeof one);
    shared[1] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(write(room[1], "x", 1), 1);
    shared[2] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(write(counter[2], &one, sizeof one), sizeof one);
}

static void second(void)
{
    struct pollfd there = {.fd = counter[1], .events = POLLIN};
    CHECK_EQ(poll(&there, 1, -1), 1);
    shared[0] = 2; // CHECK-DAG: .c:[[#@LINE]]:
    there = (struct pollfd){.fd = room[1], .events = POLLOUT};
    CHECK_EQ(poll(&there, 1, -1), 1);
    shared[1] = 2; // CHECK-DAG: .c:[[#@LINE]]:
    struct epoll_event event;
    CHECK_EQ(epoll_wait(poller, &event, 1, -1), 1);
    CHECK_EQ(event.data.fd, counter[1]);
    shared[2] = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    for (int i = 0; i < 3; i++)
        counter[i] = eventfd(i == 1, 0);
    CHECK_EQ(pipe(room), 0);
    poller = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = counter[1]};
    CHECK_EQ(epoll_ctl(poller, EPOLL_CTL_ADD, counter[1], &event), 0);
    event = (struct epoll_event){.events = 0, .data.fd = counter[2]};
    CHECK_EQ(epoll_ctl(poller, EPOLL_CTL_ADD, counter[2], &event), 0);
    pair_in_order();
}
