#include "file.h"

#include "clock.h"
#include "descriptor.h"
#include "signal.h"
#include "syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SIGNAL_SET_BYTES = 8 };

#ifdef GOC_RACE
/* libc's function, errno kept.  The names say to goc-race that these frames are not the user's. */
#define THROUGH_LIBC(call)                                                               \
    int saved = errno;                                                                   \
    long result = (call);                                                                \
    if (result < 0)                                                                      \
        result = -errno;                                                                 \
    errno = saved;                                                                       \
    return result
#define CALL(parameters, name, libc_call, raw_call)                                      \
    static long name parameters                                                          \
    {                                                                                    \
        THROUGH_LIBC(libc_call);                                                         \
    }
#else
#define CALL(parameters, name, libc_call, raw_call)                                      \
    static long name parameters                                                          \
    {                                                                                    \
        return raw_call;                                                                 \
    }
#endif

CALL((int fd, void *buffer, size_t size, int flags), goc__call_recv,
     recv(fd, buffer, size, flags),
     syscall6(SYS_recvfrom, fd, (long)buffer, (long)size, flags, 0, 0))
CALL((int fd, const void *buffer, size_t size, int flags), goc__call_send,
     send(fd, buffer, size, flags),
     syscall6(SYS_sendto, fd, (long)buffer, (long)size, flags, 0, 0))
CALL((int fd, struct msghdr *message, int flags), goc__call_recvmsg,
     recvmsg(fd, message, flags), syscall3(SYS_recvmsg, fd, (long)message, flags))
CALL((int fd, const struct msghdr *message, int flags), goc__call_sendmsg,
     sendmsg(fd, message, flags), syscall3(SYS_sendmsg, fd, (long)message, flags))
CALL((int fd, void *buffer, size_t size), goc__call_read, read(fd, buffer, size),
     syscall3(SYS_read, fd, (long)buffer, (long)size))
CALL((int fd, const struct iovec *part), goc__call_read_now,
     preadv2(fd, part, 1, -1, RWF_NOWAIT),
     syscall6(SYS_preadv2, fd, (long)part, 1, -1, -1, RWF_NOWAIT))
CALL((int fd, const void *buffer, size_t size), goc__call_write, write(fd, buffer, size),
     syscall3(SYS_write, fd, (long)buffer, (long)size))
CALL((int fd, struct sockaddr *address, socklen_t *size), goc__call_accept,
     accept4(fd, address, size, SOCK_NONBLOCK | SOCK_CLOEXEC),
     syscall6(SYS_accept4, fd, (long)address, (long)size, SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
              0))
CALL((int fd, const struct sockaddr *address, socklen_t size), goc__call_connect,
     connect(fd, address, size), syscall3(SYS_connect, fd, (long)address, (long)size))
CALL((int fd), goc__call_close, close(fd), syscall3(SYS_close, fd, 0, 0))

/* A signal may come before anything has happened: once more. */
#define UNINTERRUPTED(call)                                                              \
    long answer;                                                                         \
    do                                                                                   \
        answer = (call);                                                                 \
    while (answer == -EINTR);                                                            \
    return answer

long goc__file_recv(int fd, void *buffer, size_t size, int flags)
{
    UNINTERRUPTED(goc__call_recv(fd, buffer, size, flags | MSG_DONTWAIT));
}

long goc__file_send(int fd, const void *buffer, size_t size, int flags)
{
    UNINTERRUPTED(goc__call_send(fd, buffer, size, flags | MSG_DONTWAIT | MSG_NOSIGNAL));
}

long goc__file_recvmsg(int fd, struct msghdr *message, int flags)
{
    UNINTERRUPTED(goc__call_recvmsg(fd, message, flags | MSG_DONTWAIT));
}

long goc__file_sendmsg(int fd, const struct msghdr *message, int flags)
{
    UNINTERRUPTED(goc__call_sendmsg(fd, message, flags | MSG_DONTWAIT | MSG_NOSIGNAL));
}

/* Is FD an eventfd, a timerfd, an epoll or the like? */
static bool is_anonymous(int fd)
{
    struct stat status = {0};
    return syscall3(SYS_fstat, fd, (long)&status, 0) == 0 &&
           (status.st_mode & S_IFMT) == 0;
}

bool goc__file_is_shared(int fd)
{
    struct stat status = {0};
    return syscall3(SYS_fstat, fd, (long)&status, 0) == 0 &&
           (S_ISFIFO(status.st_mode) || (status.st_mode & S_IFMT) == 0);
}

/* Would a call on FD for SIZE bytes go on?  An error or an end counts: the call itself will tell,
 * and so will one for nothing, which waits for nothing.  Returns 0, or what it would answer.
 * NO_PARTS  is readv or writev: for no parts at all these refuse what the call would refuse at
 *           once, a descriptor of the other access mode or one without that operation, as an
 *           epoll's. */
static long look(int fd, short events, long no_parts, size_t size)
{
    if (size == 0)
        return 0;
    struct pollfd look = {.fd = fd, .events = events};
    struct timespec now = {0};
    long ready;
    do
        ready = syscall6(SYS_ppoll, (long)&look, 1, (long)&now, 0, SIGNAL_SET_BYTES, 0);
    while (ready == -EINTR);
    if (ready != 0)
        return ready > 0 ? 0 : ready;
    long refused = syscall3(no_parts, fd, 0, 0);
    return refused == -EBADF || refused == -EINVAL ? refused : -EAGAIN;
}

/* As many bytes as an eventfd or a timerfd gives; a signalfd gives more. */
enum { COUNTER_BYTES = 8 };

/* FD has nothing yet.  A counter says without waiting that it gives no fewer than its bytes; what
 * does not know such a question waits. */
static long read_few(int fd, void *buffer, size_t size)
{
    struct iovec part = {buffer, size};
    long result = goc__call_read_now(fd, &part);
    return result >= 0 || result == -EINVAL ? result : -EAGAIN;
}

long goc__file_read(int fd, void *buffer, size_t size)
{
    long seen = look(fd, POLLIN, SYS_readv, size);
    if (seen == -EAGAIN && size < COUNTER_BYTES && is_anonymous(fd))
        return read_few(fd, buffer, size);
    if (seen != 0)
        return seen;
    UNINTERRUPTED(goc__call_read(fd, buffer, size));
}

/* How much of SIZE bytes FD, which is ready, takes without waiting: a pipe in blocking mode
 * that is ready has room for PIPE_BUF. */
static size_t piece(int fd, size_t size)
{
    struct stat status = {0};
    if (size <= PIPE_BUF || (syscall3(SYS_fcntl, fd, F_GETFL, 0) & O_NONBLOCK) ||
        (syscall3(SYS_fstat, fd, (long)&status, 0) == 0 && S_ISREG(status.st_mode)))
        return size;
    return PIPE_BUF;
}

/* A write that answers -EPIPE where it would raise SIGPIPE. */
static long write_without_sigpipe(int fd, const void *buffer, size_t size)
{
    const uint64_t pipe_signal = SIGNAL_BIT(SIGPIPE);
    uint64_t before = goc__signals_hold(pipe_signal);
    long result;
    do
        result = goc__call_write(fd, buffer, size);
    while (result == -EINTR);
    goc__signals_let_go(pipe_signal, before, result == -EPIPE);
    return result;
}

long goc__file_write(int fd, const void *buffer, size_t size)
{
    long seen = look(fd, POLLOUT, SYS_writev, size);
    if (seen != 0)
        return seen;
    size = piece(fd, size);
    if (fd != STDOUT_FILENO && fd != STDERR_FILENO)
        return write_without_sigpipe(fd, buffer, size);
    UNINTERRUPTED(goc__call_write(fd, buffer, size));
}

int goc__file_accept(int fd, struct sockaddr *address, socklen_t *size)
{
    for (;;) {
        long result = goc__call_accept(fd, address, size);
        /* ECONNABORTED: one that was taken back while it waited to be accepted. */
        if (result != -EINTR && result != -ECONNABORTED)
            return (int)result;
    }
}

int goc__file_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    long result = goc__call_connect(fd, address, size);
    /* Interrupted, it goes on by itself. */
    return result == -EINTR || result == -EALREADY ? -EINPROGRESS : (int)result;
}

static int connected_otherwise(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;
    long result =
        syscall6(SYS_getsockopt, fd, SOL_SOCKET, SO_ERROR, (long)&error, (long)&size, 0);
    if (result < 0 || error != 0)
        return result < 0 ? (int)result : -error;
    struct sockaddr_storage peer;
    size = sizeof peer;
    result = syscall3(SYS_getpeername, fd, (long)&peer, (long)&size);
    return result == -ENOTCONN ? -EINPROGRESS : (int)result;
}

/* Where a socket of the internet has its outcome, connect alone takes it over: else a second
 * connect finds a success that is none of its own, or a failure that is past. */
int goc__file_connected(int fd, const struct sockaddr *address, socklen_t size)
{
    if (address->sa_family != AF_INET && address->sa_family != AF_INET6)
        return connected_otherwise(fd);
    int result = goc__file_connect(fd, address, size);
    /* EISCONN: another one that waited has taken it over. */
    return result == -EISCONN ? 0 : result;
}

int goc__file_close(int fd)
{
    /* Interrupted, it is closed all the same: Linux. */
    long result = goc__call_close(fd);
    return result == -EINTR ? 0 : (int)result;
}

int goc__file_no_wait(int fd)
{
    long flags = syscall3(SYS_fcntl, fd, F_GETFL, 0);
    if (flags < 0 || (flags & O_NONBLOCK))
        return flags < 0 ? (int)flags : 0;
    return (int)syscall3(SYS_fcntl, fd, F_SETFL, flags | O_NONBLOCK);
}

bool goc__file_is_tcp(int fd)
{
    int protocol = 0;
    socklen_t size = sizeof protocol;
    return syscall6(SYS_getsockopt, fd, SOL_SOCKET, SO_PROTOCOL, (long)&protocol,
                    (long)&size, 0) == 0 &&
           protocol == IPPROTO_TCP;
}

int goc__file_poll(struct pollfd *fds, size_t count, int64_t time)
{
    struct timespec timeout = {0};
    if (time != 0 && time != INT64_MAX)
        timeout = goc__clock_timespec(time - goc__clock_now());
    return (int)syscall6(SYS_ppoll, (long)fds, (long)count,
                         time == INT64_MAX ? 0 : (long)&timeout, 0, SIGNAL_SET_BYTES, 0);
}

int goc__file_wakeable(void)
{
    return goc__descriptor_apart(
        syscall3(SYS_eventfd2, 0, EFD_CLOEXEC | EFD_NONBLOCK, 0));
}

void goc__file_wake(int fd)
{
    const uint64_t one = 1;
    syscall3(SYS_write, fd, (long)&one, sizeof one);
}
