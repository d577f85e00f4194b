/* Reading and writing through descriptors: the buffers are the program's memory, and the
 * bytes order those who exchange them (files.h).
 *
 * Intercepted by name and not at compile time: libraries that are not instrumented also
 * write to the pipe that wakes somebody.  A write releases before the real one, or the
 * reader could be here first; a read acquires after it.
 */
#include "base/sys.h"
#include "entry/access.h"
#include "intercept/files.h"
#include "intercept/next.h"
#include "intercept/parts.h"
#include "intercept/signals.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* With _FORTIFY_SOURCE. */
ssize_t __read_chk(int fd, void *buffer, size_t size, size_t space);
ssize_t __recv_chk(int fd, void *buffer, size_t size, size_t space, int flags);

RACE_NEXT(read)
RACE_NEXT(__read_chk)
RACE_NEXT(__recv_chk)
RACE_NEXT(pread)
RACE_NEXT(pread64)
RACE_NEXT(readv)
RACE_NEXT(write)
RACE_NEXT(pwrite)
RACE_NEXT(pwrite64)
RACE_NEXT(writev)
RACE_NEXT(recv)
RACE_NEXT(recvfrom)
RACE_NEXT(recvmsg)
RACE_NEXT(send)
RACE_NEXT(sendto)
RACE_NEXT(sendmsg)
RACE_NEXT(eventfd_read)
RACE_NEXT(eventfd_write)

/* SIZE bytes came from FD into BUFFER; negative: none. */
static ssize_t received(int fd, void *buffer, ssize_t size, const void *pc)
{
    if (size < 0)
        return size;
    if (race__file_has_signals(fd))
        race__signals_read(buffer, (size_t)size);
    else
        race__file_got(fd, size);
    race__write(buffer, (size_t)size, pc);
    return size;
}

/* TCP throws away what MSG_TRUNC asks for. */
static bool throws_away(int fd, int flags)
{
    int protocol = 0;
    socklen_t size = sizeof protocol;
    return (flags & MSG_TRUNC) != 0 &&
           race__sys6(SYS_getsockopt, fd, SOL_SOCKET, SO_PROTOCOL, (long)&protocol,
                      (long)&size, 0) == 0 &&
           protocol == IPPROTO_TCP;
}

/* RESULT is the answer of a call that receives into the SIZE bytes of BUFFER.  With MSG_TRUNC among
 * the FLAGS it is how long a datagram was, of which the buffer has a part. */
static ssize_t received_message(int fd, void *buffer, size_t size, int flags,
                                ssize_t result, const void *pc)
{
    if (result < 0)
        return result;
    race__file_got(fd, result);
    if (!throws_away(fd, flags))
        race__write(buffer, (size_t)result < size ? (size_t)result : size, pc);
    return result;
}

/* SIZE bytes of BUFFER are about to go to FD. */
static void sends(int fd, const void *buffer, size_t size, const void *pc)
{
    race__file_use(fd, pc);
    race__read(buffer, size, pc);
    race__file_write(fd);
}

RACE_INTERCEPT ssize_t read(int fd, void *buffer, size_t size)
{
    race__file_use(fd, RACE_CALLER_PC());
    return received(fd, buffer, next_read()(fd, buffer, size), RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t __read_chk(int fd, void *buffer, size_t size, size_t space)
{
    race__file_use(fd, RACE_CALLER_PC());
    return received(fd, buffer, next___read_chk()(fd, buffer, size, space),
                    RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t pread(int fd, void *buffer, size_t size, off_t offset)
{
    race__file_use(fd, RACE_CALLER_PC());
    return received(fd, buffer, next_pread()(fd, buffer, size, offset), RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t pread64(int fd, void *buffer, size_t size, __off64_t offset)
{
    race__file_use(fd, RACE_CALLER_PC());
    return received(fd, buffer, next_pread64()(fd, buffer, size, offset),
                    RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
    race__file_use(fd, RACE_CALLER_PC());
    return received_message(fd, buffer, size, flags, next_recv()(fd, buffer, size, flags),
                            RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t __recv_chk(int fd, void *buffer, size_t size, size_t space,
                                  int flags)
{
    race__file_use(fd, RACE_CALLER_PC());
    return received_message(fd, buffer, size, flags,
                            next___recv_chk()(fd, buffer, size, space, flags),
                            RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t recvfrom(int fd, void *restrict buffer, size_t size, int flags,
                                __SOCKADDR_ARG from, socklen_t *restrict from_size)
{
    race__file_use(fd, RACE_CALLER_PC());
    socklen_t room = from_size != NULL ? *from_size : 0;
    ssize_t result = next_recvfrom()(fd, buffer, size, flags, from, from_size);
    if (result >= 0)
        race__address_written(from.__sockaddr__, from_size, room, RACE_CALLER_PC());
    return received_message(fd, buffer, size, flags, result, RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t write(int fd, const void *buffer, size_t size)
{
    sends(fd, buffer, size, RACE_CALLER_PC());
    return race__file_sent(fd, next_write()(fd, buffer, size));
}

RACE_INTERCEPT ssize_t pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
    sends(fd, buffer, size, RACE_CALLER_PC());
    return race__file_sent(fd, next_pwrite()(fd, buffer, size, offset));
}

RACE_INTERCEPT ssize_t pwrite64(int fd, const void *buffer, size_t size, __off64_t offset)
{
    sends(fd, buffer, size, RACE_CALLER_PC());
    return race__file_sent(fd, next_pwrite64()(fd, buffer, size, offset));
}

RACE_INTERCEPT ssize_t send(int fd, const void *buffer, size_t size, int flags)
{
    sends(fd, buffer, size, RACE_CALLER_PC());
    return race__file_sent(fd, next_send()(fd, buffer, size, flags));
}

RACE_INTERCEPT ssize_t sendto(int fd, const void *buffer, size_t size, int flags,
                              __CONST_SOCKADDR_ARG to, socklen_t to_size)
{
    race__read(to.__sockaddr__, to_size, RACE_CALLER_PC());
    sends(fd, buffer, size, RACE_CALLER_PC());
    return race__file_sent(fd, next_sendto()(fd, buffer, size, flags, to, to_size));
}

void race__parts_written(const struct iovec *parts, size_t count, size_t size,
                         const void *pc)
{
    race__read(parts, count * sizeof *parts, pc);
    for (size_t i = 0; i < count && size != 0; i++) {
        size_t length = parts[i].iov_len < size ? parts[i].iov_len : size;
        race__write(parts[i].iov_base, length, pc);
        size -= length;
    }
}

void race__parts_read(const struct iovec *parts, size_t count, const void *pc)
{
    race__read(parts, count * sizeof *parts, pc);
    for (size_t i = 0; i < count; i++)
        race__read(parts[i].iov_base, parts[i].iov_len, pc);
}

RACE_INTERCEPT ssize_t readv(int fd, const struct iovec *parts, int count)
{
    race__file_use(fd, RACE_CALLER_PC());
    ssize_t size = next_readv()(fd, parts, count);
    if (size >= 0) {
        race__file_got(fd, size);
        race__parts_written(parts, (size_t)count, (size_t)size, RACE_CALLER_PC());
    }
    return size;
}

RACE_INTERCEPT ssize_t writev(int fd, const struct iovec *parts, int count)
{
    race__file_use(fd, RACE_CALLER_PC());
    if (count > 0)
        race__parts_read(parts, (size_t)count, RACE_CALLER_PC());
    race__file_write(fd);
    return race__file_sent(fd, next_writev()(fd, parts, count));
}

RACE_INTERCEPT ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    race__file_use(fd, RACE_CALLER_PC());
    ssize_t size = next_recvmsg()(fd, message, flags);
    if (size >= 0) {
        race__file_got(fd, size);
        race__files_passed(message, RACE_CALLER_PC());
        race__write(message, sizeof *message, RACE_CALLER_PC());
        race__parts_written(message->msg_iov, message->msg_iovlen, (size_t)size,
                            RACE_CALLER_PC());
    }
    return size;
}

RACE_INTERCEPT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    race__file_use(fd, RACE_CALLER_PC());
    race__read(message, sizeof *message, RACE_CALLER_PC());
    race__parts_read(message->msg_iov, message->msg_iovlen, RACE_CALLER_PC());
    race__file_write(fd);
    return race__file_sent(fd, next_sendmsg()(fd, message, flags));
}

RACE_INTERCEPT int eventfd_read(int fd, eventfd_t *value)
{
    race__file_use(fd, RACE_CALLER_PC());
    int result = next_eventfd_read()(fd, value);
    if (result == 0)
        (void)received(fd, value, sizeof *value, RACE_CALLER_PC());
    return result;
}

RACE_INTERCEPT int eventfd_write(int fd, eventfd_t value)
{
    race__file_use(fd, RACE_CALLER_PC());
    race__file_write(fd);
    return next_eventfd_write()(fd, value);
}
