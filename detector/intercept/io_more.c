/* Descriptors' rarer doors: at an offset and in parts, several messages at once, from one descriptor
 * to another.  As io.c says: a write releases before the real call, a read acquires after it.
 */
#include "entry/access.h"
#include "intercept/files.h"
#include "intercept/next.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

RACE_NEXT(preadv)
RACE_NEXT(preadv64)
RACE_NEXT(pwritev)
RACE_NEXT(pwritev64)
RACE_NEXT(recvmmsg)
RACE_NEXT(sendmmsg)
RACE_NEXT(sendfile)
RACE_NEXT(sendfile64)
RACE_NEXT(splice)
RACE_NEXT(tee)
RACE_NEXT(copy_file_range)

/* The first SIZE bytes of COUNT parts were written. */
static void parts_written(const struct iovec *parts, size_t count, size_t size,
                          const void *pc)
{
    race__read(parts, count * sizeof *parts, pc);
    for (size_t i = 0; i < count && size != 0; i++) {
        size_t length = parts[i].iov_len < size ? parts[i].iov_len : size;
        race__write(parts[i].iov_base, length, pc);
        size -= length;
    }
}

static void parts_read(const struct iovec *parts, size_t count, const void *pc)
{
    race__read(parts, count * sizeof *parts, pc);
    for (size_t i = 0; i < count; i++)
        race__read(parts[i].iov_base, parts[i].iov_len, pc);
}

static ssize_t came(int fd, const struct iovec *parts, int count, ssize_t size,
                    const void *pc)
{
    if (size >= 0) {
        race__file_read(fd);
        parts_written(parts, (size_t)count, (size_t)size, pc);
    }
    return size;
}

static void goes(int fd, const struct iovec *parts, int count, const void *pc)
{
    race__file_use(fd, pc);
    if (count > 0)
        parts_read(parts, (size_t)count, pc);
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
    return next_pwritev()(fd, parts, count, offset);
}

RACE_INTERCEPT ssize_t pwritev64(int fd, const struct iovec *parts, int count,
                                 __off64_t offset)
{
    goes(fd, parts, count, RACE_CALLER_PC());
    return next_pwritev64()(fd, parts, count, offset);
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
        race__write(&messages[i], sizeof messages[i], RACE_CALLER_PC());
        parts_written(message->msg_iov, message->msg_iovlen, messages[i].msg_len,
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
        parts_read(message->msg_iov, message->msg_iovlen, RACE_CALLER_PC());
    }
    race__file_write(fd);
    int sent = next_sendmmsg()(fd, messages, count, flags);
    for (int i = 0; i < sent; i++)
        race__write(&messages[i].msg_len, sizeof messages[i].msg_len, RACE_CALLER_PC());
    return sent;
}

/* Bytes that pass from one descriptor to another: who wrote them is before who will read them,
 * and so is who passes them on.  How far that is known only after the real call, when the
 * bytes may be gone already; so both ends release and acquire. */
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
    return next_sendfile()(to, from, offset, size);
}

RACE_INTERCEPT ssize_t sendfile64(int to, int from, __off64_t *offset, size_t size)
{
    passes(from, to, RACE_CALLER_PC());
    return next_sendfile64()(to, from, offset, size);
}

RACE_INTERCEPT ssize_t splice(int from, __off64_t *from_offset, int to,
                              __off64_t *to_offset, size_t size, unsigned flags)
{
    passes(from, to, RACE_CALLER_PC());
    return next_splice()(from, from_offset, to, to_offset, size, flags);
}

RACE_INTERCEPT ssize_t tee(int from, int to, size_t size, unsigned flags)
{
    passes(from, to, RACE_CALLER_PC());
    return next_tee()(from, to, size, flags);
}

RACE_INTERCEPT ssize_t copy_file_range(int from, __off64_t *from_offset, int to,
                                       __off64_t *to_offset, size_t size, unsigned flags)
{
    passes(from, to, RACE_CALLER_PC());
    return next_copy_file_range()(from, from_offset, to, to_offset, size, flags);
}
