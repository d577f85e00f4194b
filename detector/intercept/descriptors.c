/* Where descriptors come from and go to, for the places behind them (files.h). */
#include "entry/access.h"
#include "intercept/files.h"
#include "intercept/next.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

RACE_NEXT(pipe)
RACE_NEXT(pipe2)
RACE_NEXT(socketpair)
RACE_NEXT(socket)
RACE_NEXT(accept)
RACE_NEXT(accept4)
RACE_NEXT(connect)
RACE_NEXT(dup)
RACE_NEXT(dup2)
RACE_NEXT(dup3)
RACE_NEXT(fcntl)
RACE_NEXT(fcntl64)
RACE_NEXT(close)

static int piped(int result, int fds[2], const void *pc)
{
    if (result == 0) {
        race__write(fds, 2 * sizeof *fds, pc);
        race__file_is_pipe(fds);
    }
    return result;
}

RACE_INTERCEPT int pipe(int fds[2])
{
    return piped(next_pipe()(fds), fds, RACE_CALLER_PC());
}

RACE_INTERCEPT int pipe2(int fds[2], int flags)
{
    return piped(next_pipe2()(fds, flags), fds, RACE_CALLER_PC());
}

RACE_INTERCEPT int socketpair(int domain, int type, int protocol, int fds[2])
{
    int result = next_socketpair()(domain, type, protocol, fds);
    if (result == 0) {
        race__write(fds, 2 * sizeof *fds, RACE_CALLER_PC());
        race__file_is_pair(fds);
    }
    return result;
}

static int is_socket(int fd)
{
    if (fd >= 0)
        race__file_is_socket(fd);
    return fd;
}

RACE_INTERCEPT int socket(int domain, int type, int protocol)
{
    return is_socket(next_socket()(domain, type, protocol));
}

/* What was done before connect is before what is done after the accept of it. */
RACE_INTERCEPT int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t size)
{
    race__file_write(fd);
    return next_connect()(fd, address, size);
}

static int accepted(int listener, int fd)
{
    if (fd >= 0)
        race__file_read(listener);
    return is_socket(fd);
}

RACE_INTERCEPT int accept(int fd, __SOCKADDR_ARG address, socklen_t *restrict size)
{
    return accepted(fd, next_accept()(fd, address, size));
}

RACE_INTERCEPT int accept4(int fd, __SOCKADDR_ARG address, socklen_t *restrict size,
                           int flags)
{
    return accepted(fd, next_accept4()(fd, address, size, flags));
}

static int copied(int fd, int copy)
{
    if (copy >= 0 && copy != fd)
        race__file_is_copy(fd, copy);
    return copy;
}

RACE_INTERCEPT int dup(int fd)
{
    return copied(fd, next_dup()(fd));
}

RACE_INTERCEPT int dup2(int fd, int copy)
{
    return copied(fd, next_dup2()(fd, copy));
}

RACE_INTERCEPT int dup3(int fd, int copy, int flags)
{
    return copied(fd, next_dup3()(fd, copy, flags));
}

static int controlled(int fd, int command, int result)
{
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? copied(fd, result) : result;
}

/* One argument of a machine word, whatever COMMAND makes of it. */
RACE_INTERCEPT int fcntl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return controlled(fd, command, next_fcntl()(fd, command, argument));
}

RACE_INTERCEPT int fcntl64(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return controlled(fd, command, next_fcntl64()(fd, command, argument));
}

/* Forgotten before the real close: after it, another thread may be given the number. */
RACE_INTERCEPT int close(int fd)
{
    race__file_closed(fd);
    return next_close()(fd);
}
