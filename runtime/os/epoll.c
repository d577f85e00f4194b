#include "epoll.h"

#include "base/panic.h"
#include "clock.h"
#include "descriptor.h"
#include "syscall.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>

enum { SIGNAL_SET_BYTES = 8 };

int goc__epoll_open(void)
{
    return goc__descriptor_apart(syscall3(SYS_epoll_create1, EPOLL_CLOEXEC, 0, 0));
}

int goc__epoll_watch(int poller, int fd)
{
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET,
        .data.fd = fd,
    };
    /* A change looks at the state anew, as adding does: no edge is lost by asking twice. */
    long result = syscall6(SYS_epoll_ctl, poller, EPOLL_CTL_ADD, fd, (long)&event, 0, 0);
    if (result == -EEXIST)
        result = syscall6(SYS_epoll_ctl, poller, EPOLL_CTL_MOD, fd, (long)&event, 0, 0);
    return (int)result;
}

void goc__epoll_forget(int poller, int fd)
{
    (void)syscall6(SYS_epoll_ctl, poller, EPOLL_CTL_DEL, fd, 0, 0, 0);
}

int goc__epoll_nest(int poller, int fd, int data)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = data};
    return (int)syscall6(SYS_epoll_ctl, poller, EPOLL_CTL_ADD, fd, (long)&event, 0, 0);
}

/* Linux before 5.11: a wait in nanoseconds on the poller itself, then a look. */
static long wait_by_ppoll(int poller, struct epoll_event *events, int limit,
                          const struct timespec *timeout)
{
    struct pollfd fd = {.fd = poller, .events = POLLIN};
    long ready = syscall6(SYS_ppoll, (long)&fd, 1, (long)timeout, 0, SIGNAL_SET_BYTES, 0);
    if (ready <= 0)
        return ready;
    return syscall6(SYS_epoll_pwait, poller, (long)events, limit, 0, 0, SIGNAL_SET_BYTES);
}

int goc__epoll_wait(int poller, struct epoll_event *events, int limit, int64_t time)
{
    struct timespec timeout = {0};
    if (time != 0 && time != INT64_MAX)
        timeout = goc__clock_timespec(time - goc__clock_now());
    const struct timespec *wait = time == INT64_MAX ? NULL : &timeout;
    long result = syscall6(SYS_epoll_pwait2, poller, (long)events, limit, (long)wait, 0,
                           SIGNAL_SET_BYTES);
    if (result == -ENOSYS)
        result = wait_by_ppoll(poller, events, limit, wait);
    if (result == -EINTR)
        return 0;
    if (result < 0)
        goc__throwf("epoll wait failed: errno %ld", -result);
    return (int)result;
}
