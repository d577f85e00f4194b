/* Descriptors' rarer doors: at an offset and in parts, several messages at once, from one
 * descriptor to another, descriptors as messages.  As io.c says: a write releases before the
 * real call, a read acquires after it.
 */
#include "base/sys.h"
#include "entry/access.h"
#include "intercept/files.h"
#include "intercept/next.h"
#include "intercept/parts.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

RACE_NEXT(poll)
RACE_NEXT(preadv)
RACE_NEXT(preadv64)
RACE_NEXT(pwritev)
RACE_NEXT(pwritev64)
RACE_NEXT(preadv2)
RACE_NEXT(preadv64v2)
RACE_NEXT(pwritev2)
RACE_NEXT(pwritev64v2)
RACE_NEXT(vmsplice)
RACE_NEXT(recvmmsg)
RACE_NEXT(sendmmsg)
RACE_NEXT(sendfile)
RACE_NEXT(sendfile64)
RACE_NEXT(splice)
RACE_NEXT(tee)
RACE_NEXT(copy_file_range)

static ssize_t came(int fd, const struct iovec *parts, int count, ssize_t size,
                    const void *pc)
{
    if (size >= 0) {
        race__file_got(fd, size);
        race__parts_written(parts, (size_t)count, (size_t)size, pc);
    }
    return size;
}

static void goes(int fd, const struct iovec *parts, int count, const void *pc)
{
    race__file_use(fd, pc);
    if (count > 0)
        race__parts_read(parts, (size_t)count, pc);
    race__file_write(fd);
}

RACE_INTERCEPT ssize_t preadv(int fd, const struct iovec *parts, int count, off_t offset)
{
    race__file_use(fd, RACE_CALLER_PC());
    ssize_t size = next_preadv()(fd, parts, count, offset);
    return came(fd, parts, count, size, RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t preadv64(int fd, const struct iovec *parts, int count,
                                __off64_t offset)
{
    race__file_use(fd, RACE_CALLER_PC());
    ssize_t size = next_preadv64()(fd, parts, count, offset);
    return came(fd, parts, count, size, RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    goes(fd, parts, count, RACE_CALLER_PC());
    return race__file_sent(fd, next_pwritev()(fd, parts, count, offset));
}

RACE_INTERCEPT ssize_t pwritev64(int fd, const struct iovec *parts, int count,
                                 __off64_t offset)
{
    goes(fd, parts, count, RACE_CALLER_PC());
    return race__file_sent(fd, next_pwritev64()(fd, parts, count, offset));
}

RACE_INTERCEPT ssize_t preadv2(int fd, const struct iovec *parts, int count, off_t offset,
                               int flags)
{
    race__file_use(fd, RACE_CALLER_PC());
    ssize_t size = next_preadv2()(fd, parts, count, offset, flags);
    return came(fd, parts, count, size, RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t preadv64v2(int fd, const struct iovec *parts, int count,
                                  __off64_t offset, int flags)
{
    race__file_use(fd, RACE_CALLER_PC());
    ssize_t size = next_preadv64v2()(fd, parts, count, offset, flags);
    return came(fd, parts, count, size, RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t pwritev2(int fd, const struct iovec *parts, int count,
                                off_t offset, int flags)
{
    goes(fd, parts, count, RACE_CALLER_PC());
    return race__file_sent(fd, next_pwritev2()(fd, parts, count, offset, flags));
}

RACE_INTERCEPT ssize_t pwritev64v2(int fd, const struct iovec *parts, int count,
                                   __off64_t offset, int flags)
{
    goes(fd, parts, count, RACE_CALLER_PC());
    return race__file_sent(fd, next_pwritev64v2()(fd, parts, count, offset, flags));
}

/* Which way the bytes go, the end of the pipe says. */
RACE_INTERCEPT ssize_t vmsplice(int fd, const struct iovec *parts, size_t count,
                                unsigned flags)
{
    bool writes = (race__sys3(SYS_fcntl, fd, F_GETFL, 0) & O_ACCMODE) != O_RDONLY;
    if (writes)
        goes(fd, parts, (int)count, RACE_CALLER_PC());
    else
        race__file_use(fd, RACE_CALLER_PC());
    ssize_t size = next_vmsplice()(fd, parts, count, flags);
    return writes ? race__file_sent(fd, size)
                  : came(fd, parts, (int)count, size, RACE_CALLER_PC());
}

void race__files_passed(const struct msghdr *message, const void *pc)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL;
         part = CMSG_NXTHDR((struct msghdr *)(uintptr_t)message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        const int *fds = (const int *)CMSG_DATA(part);
        size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof *fds;
        for (size_t i = 0; i < count; i++) {
            race__file_new(fds[i], pc);
            race__file_is_passed(fds[i]);
        }
    }
}

RACE_INTERCEPT int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                            struct timespec *timeout)
{
    race__file_use(fd, RACE_CALLER_PC());
    int received = next_recvmmsg()(fd, messages, count, flags, timeout);
    if (received < 0)
        return received;
    race__file_read(fd);
    for (int i = 0; i < received; i++) {
        const struct msghdr *message = &messages[i].msg_hdr;
        if (messages[i].msg_len == 0)
            race__file_ended(fd);
        race__files_passed(message, RACE_CALLER_PC());
        race__write(&messages[i], sizeof messages[i], RACE_CALLER_PC());
        race__parts_written(message->msg_iov, message->msg_iovlen, messages[i].msg_len,
                            RACE_CALLER_PC());
    }
    return received;
}

RACE_INTERCEPT int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    race__file_use(fd, RACE_CALLER_PC());
    for (unsigned i = 0; i < count; i++) {
        const struct msghdr *message = &messages[i].msg_hdr;
        race__read(message, sizeof *message, RACE_CALLER_PC());
        race__parts_read(message->msg_iov, message->msg_iovlen, RACE_CALLER_PC());
    }
    race__file_write(fd);
    int sent = (int)race__file_sent(fd, next_sendmmsg()(fd, messages, count, flags));
    for (int i = 0; i < sent; i++)
        race__write(&messages[i].msg_len, sizeof messages[i].msg_len, RACE_CALLER_PC());
    return sent;
}

/* Bytes that pass from one descriptor to another: who wrote them is before who will read them,
 * and so is who passes them on.  A release has to come before the real call, so what it hands
 * on must be known by then. */
static void passes(int from, int to, const void *pc)
{
    race__file_use(from, pc);
    race__file_use(to, pc);
    race__file_read(from);
    race__file_write(to);
}

RACE_INTERCEPT ssize_t sendfile(int to, int from, off_t *offset, size_t size)
{
    passes(from, to, RACE_CALLER_PC());
    return race__file_sent(to, next_sendfile()(to, from, offset, size));
}

RACE_INTERCEPT ssize_t sendfile64(int to, int from, __off64_t *offset, size_t size)
{
    passes(from, to, RACE_CALLER_PC());
    return race__file_sent(to, next_sendfile64()(to, from, offset, size));
}

static bool never_waits(int fd, unsigned flags)
{
    return (flags & SPLICE_F_NONBLOCK) != 0 ||
           (race__sys3(SYS_fcntl, fd, F_GETFL, 0) & O_NONBLOCK) != 0;
}

/* At most SIZE bytes are about to leave FROM: where there are none yet, they are waited for,
 * and those that come later are left to the next call.  Answers how many may go. */
static size_t awaits(int from, size_t size, unsigned flags)
{
    struct pollfd there = {.fd = from, .events = POLLIN};
    int bytes = 0;
    if (!never_waits(from, flags))
        (void)next_poll()(&there, 1, -1);
    bool known = race__sys3(SYS_ioctl, from, FIONREAD, (long)&bytes) == 0 && bytes > 0;
    return known && (size_t)bytes < size ? (size_t)bytes : size;
}

static ssize_t passed(int from, int to, ssize_t size)
{
    if (size == 0)
        race__file_ended(from);
    return race__file_sent(to, size);
}

RACE_INTERCEPT ssize_t splice(int from, __off64_t *from_offset, int to,
                              __off64_t *to_offset, size_t size, unsigned flags)
{
    if (from_offset == NULL)
        size = awaits(from, size, flags);
    passes(from, to, RACE_CALLER_PC());
    return passed(from, to, next_splice()(from, from_offset, to, to_offset, size, flags));
}

RACE_INTERCEPT ssize_t tee(int from, int to, size_t size, unsigned flags)
{
    size = awaits(from, size, flags);
    passes(from, to, RACE_CALLER_PC());
    return passed(from, to, next_tee()(from, to, size, flags));
}

RACE_INTERCEPT ssize_t copy_file_range(int from, __off64_t *from_offset, int to,
                                       __off64_t *to_offset, size_t size, unsigned flags)
{
    passes(from, to, RACE_CALLER_PC());
    return next_copy_file_range()(from, from_offset, to, to_offset, size, flags);
}
