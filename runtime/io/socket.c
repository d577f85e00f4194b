/* Sockets beyond reading and writing: messages, accept, connect; and close, for everything. */
#include "events/events.h"
#include "io/netpoll.h"
#include "io/ring.h"
#include "io/wait.h"
#include "os/error.h"
#include "os/file.h"
#include "sched/bubble.h"

#include <goc/io.h>

static long recvmsg_until(int fd, struct msghdr *message, int flags, int64_t deadline,
                          const void *pc)
{
    struct io_op op = {
        .fd = fd, .direction = IO_READ, .deadline = goc__bubble_real(deadline)};
    long result = goc__io_begin(&op);
    if (result != 0)
        return result;
    do {
        uint32_t token = event_call_begin(pc);
        result = goc__file_recvmsg(fd, message, flags);
        event_call_end(token);
    } while (result == -EAGAIN && (result = goc__io_wait(&op)) == 0);
    return goc__io_end(&op, result);
}

ssize_t goc_recvmsg(int fd, struct msghdr *message, int flags)
{
    return recvmsg_until(fd, message, flags, GOC_NEVER, EVENT_CALLER_PC());
}

ssize_t goc_recvmsg_until(int fd, struct msghdr *message, int flags, goc_time deadline)
{
    return recvmsg_until(fd, message, flags, deadline, EVENT_CALLER_PC());
}

static long sendmsg_until(int fd, const struct msghdr *message, int flags,
                          int64_t deadline, const void *pc)
{
    struct io_op op = {
        .fd = fd, .direction = IO_WRITE, .deadline = goc__bubble_real(deadline)};
    long result = goc__io_begin(&op);
    if (result != 0)
        return result;
    do {
        uint32_t token = event_call_begin(pc);
        result = goc__file_sendmsg(fd, message, flags);
        event_call_end(token);
    } while (result == -EAGAIN && (result = goc__io_wait(&op)) == 0);
    return goc__io_end(&op, result);
}

ssize_t goc_sendmsg(int fd, const struct msghdr *message, int flags)
{
    return sendmsg_until(fd, message, flags, GOC_NEVER, EVENT_CALLER_PC());
}

ssize_t goc_sendmsg_until(int fd, const struct msghdr *message, int flags,
                          goc_time deadline)
{
    return sendmsg_until(fd, message, flags, deadline, EVENT_CALLER_PC());
}

/* A listener's connections are of its own kind. */
static bool accepts_tcp(struct io_desc *listener, int fd)
{
    if (!(load_relaxed(&listener->flags) & DESC_TCP) && goc__file_is_tcp(fd))
        goc__desc_note(listener, DESC_TCP);
    return load_relaxed(&listener->flags) & DESC_TCP;
}

static int accept_until(int fd, struct sockaddr *address, socklen_t *size,
                        int64_t deadline, const void *pc)
{
    struct io_op op = {
        .fd = fd, .direction = IO_READ, .deadline = goc__bubble_real(deadline)};
    long result = goc__io_begin(&op);
    if (result != 0)
        return (int)result;
    result = goc__file_no_wait(fd);
    if (result != 0)
        return (int)goc__io_end(&op, result);
    do {
        uint32_t token = event_call_begin(pc);
        result = goc__file_accept(fd, address, size);
        event_call_end(token);
    } while (result == -EAGAIN && (result = goc__io_wait(&op)) == 0);
    if (result >= 0)
        goc__desc_adopt((int)result, accepts_tcp(op.desc, (int)result));
    return (int)goc__io_end(&op, result);
}

int goc_accept(int fd, struct sockaddr *address, socklen_t *size)
{
    return accept_until(fd, address, size, GOC_NEVER, EVENT_CALLER_PC());
}

int goc_accept_until(int fd, struct sockaddr *address, socklen_t *size, goc_time deadline)
{
    return accept_until(fd, address, size, deadline, EVENT_CALLER_PC());
}

/* Between two tries at a unix socket's listener whose queue is full: nobody tells when there is
 * room. */
#define PAUSE_FIRST_NS INT64_C(50000)
#define PAUSE_LAST_NS INT64_C(10000000)

struct target {
    const struct sockaddr *address;
    socklen_t size;
    const void *pc;
};

static long try_connect(int fd, const struct target *to)
{
    uint32_t token = event_call_begin(to->pc);
    long result = goc__file_connect(fd, to->address, to->size);
    event_call_end(token);
    return result;
}

/* The last try found the listener's queue full. */
static long wait_for_room(struct io_op *op, const struct target *to)
{
    int64_t pause = PAUSE_FIRST_NS;
    for (;;) {
        long result = goc__io_pause(op, pause);
        if (result == 0)
            result = try_connect(op->fd, to);
        if (result != -EAGAIN)
            return result;
        pause = pause * 2 < PAUSE_LAST_NS ? pause * 2 : PAUSE_LAST_NS;
    }
}

static long wait_for_outcome(struct io_op *op, const struct target *to)
{
    long result;
    while ((result = goc__io_wait(op)) == 0) {
        uint32_t token = event_call_begin(to->pc);
        result = goc__file_connected(op->fd, to->address, to->size);
        event_call_end(token);
        if (result != -EINPROGRESS)
            break;
    }
    return result;
}

static int connect_until(int fd, const struct sockaddr *address, socklen_t size,
                         int64_t deadline, const void *pc)
{
    goc__desc_adopt(fd, goc__file_is_tcp(fd));
    struct io_op op = {
        .fd = fd, .direction = IO_WRITE, .deadline = goc__bubble_real(deadline)};
    long result = goc__io_begin(&op);
    if (result != 0)
        return (int)result;
    const struct target to = {address, size, pc};
    result = goc__file_no_wait(fd);
    if (result == 0)
        result = try_connect(fd, &to);
    if (result == -EAGAIN && address->sa_family == AF_UNIX)
        result = wait_for_room(&op, &to);
    else if (result == -EINPROGRESS)
        result = wait_for_outcome(&op, &to);
    op.deadline = TIMER_NEVER;
    if (result == 0 && goc__ring_takes(&op))
        goc__netpoll_forget(fd, op.desc);
    return (int)goc__io_end(&op, result);
}

int goc_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    return connect_until(fd, address, size, GOC_NEVER, EVENT_CALLER_PC());
}

int goc_connect_until(int fd, const struct sockaddr *address, socklen_t size,
                      goc_time deadline)
{
    return connect_until(fd, address, size, deadline, EVENT_CALLER_PC());
}

int goc_close(int fd)
{
    struct io_desc *desc = goc__desc(fd);
    if (desc == NULL || !goc__desc_use(desc))
        return -EBADF;
    bool first = goc__desc_close(desc);
    int result = goc__desc_leave(desc, fd);
    return first ? result : -EBADF;
}
