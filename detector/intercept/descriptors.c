/* Where descriptors come from and go to, for the places behind them (files.h). */
#include "entry/access.h"
#include "intercept/files.h"
#include "intercept/next.h"
#include "intercept/parts.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
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
RACE_NEXT(fclose)
RACE_NEXT(close_range)
RACE_NEXT(closefrom)
RACE_NEXT(open)
RACE_NEXT(open64)
RACE_NEXT(openat)
RACE_NEXT(openat64)
RACE_NEXT(creat)
RACE_NEXT(creat64)
RACE_NEXT(eventfd)
RACE_NEXT(timerfd_create)
RACE_NEXT(timerfd_settime)
RACE_NEXT(epoll_create)
RACE_NEXT(epoll_create1)
RACE_NEXT(memfd_create)
RACE_NEXT(shm_open)
RACE_NEXT(posix_openpt)
RACE_NEXT(inotify_init)
RACE_NEXT(inotify_init1)
RACE_NEXT(mkstemp)
RACE_NEXT(mkstemp64)
RACE_NEXT(mkstemps)
RACE_NEXT(mkstemps64)
RACE_NEXT(mkostemp)
RACE_NEXT(mkostemp64)
RACE_NEXT(mkostemps)
RACE_NEXT(mkostemps64)
RACE_NEXT(closedir)
RACE_NEXT(shutdown)
RACE_NEXT(pclose)
RACE_NEXT(freopen)
RACE_NEXT(freopen64)
RACE_NEXT(mq_close)
RACE_NEXT(flock)

/* FDS are new. */
static void two_new(const int fds[2], const void *pc)
{
    race__write(fds, 2 * sizeof *fds, pc);
    race__file_new(fds[0], pc);
    race__file_new(fds[1], pc);
}

static int piped(int result, int fds[2], const void *pc)
{
    if (result == 0) {
        two_new(fds, pc);
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
        two_new(fds, RACE_CALLER_PC());
        race__file_is_pair(fds);
    }
    return result;
}

/* FD, if it is one, is new. */
static int fresh(int fd, const void *pc)
{
    if (fd >= 0)
        race__file_new(fd, pc);
    return fd;
}

static int is_socket(int fd, const void *pc)
{
    if (fresh(fd, pc) >= 0)
        race__file_is_socket(fd);
    return fd;
}

RACE_INTERCEPT int socket(int domain, int type, int protocol)
{
    return is_socket(next_socket()(domain, type, protocol), RACE_CALLER_PC());
}

/* What was done before connect is before what is done after the accept of it. */
RACE_INTERCEPT int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t size)
{
    race__file_use(fd, RACE_CALLER_PC());
    race__read(address.__sockaddr__, size, RACE_CALLER_PC());
    race__file_write(fd);
    return next_connect()(fd, address, size);
}

/* Of who is accepted ADDRESS, which has ROOM, and *SIZE tell, if that was asked for. */
static int accepted(int listener, int fd, const void *address, const socklen_t *size,
                    socklen_t room, const void *pc)
{
    if (fd >= 0) {
        race__file_read(listener);
        race__address_written(address, size, room, pc);
    }
    return is_socket(fd, pc);
}

static socklen_t room_of(const socklen_t *size)
{
    return size != NULL ? *size : 0;
}

RACE_INTERCEPT int accept(int fd, __SOCKADDR_ARG address, socklen_t *restrict size)
{
    race__file_use(fd, RACE_CALLER_PC());
    socklen_t room = room_of(size);
    return accepted(fd, next_accept()(fd, address, size), address.__sockaddr__, size,
                    room, RACE_CALLER_PC());
}

RACE_INTERCEPT int accept4(int fd, __SOCKADDR_ARG address, socklen_t *restrict size,
                           int flags)
{
    race__file_use(fd, RACE_CALLER_PC());
    socklen_t room = room_of(size);
    return accepted(fd, next_accept4()(fd, address, size, flags), address.__sockaddr__,
                    size, room, RACE_CALLER_PC());
}

/* What COPY was is closed and becomes the new one at once, so who uses it meanwhile uses one or
 * the other. */
static int copied(int fd, int copy, const void *pc)
{
    if (copy >= 0 && copy != fd) {
        race__file_new(copy, pc);
        race__file_is_copy(fd, copy);
    }
    return copy;
}

RACE_INTERCEPT int dup(int fd)
{
    race__file_use(fd, RACE_CALLER_PC());
    return copied(fd, next_dup()(fd), RACE_CALLER_PC());
}

static void replaces(int fd, int copy, const void *pc)
{
    race__file_use(fd, pc);
    if (fd != copy && copy >= 0)
        race__file_closes(copy);
}

RACE_INTERCEPT int dup2(int fd, int copy)
{
    replaces(fd, copy, RACE_CALLER_PC());
    return copied(fd, next_dup2()(fd, copy), RACE_CALLER_PC());
}

RACE_INTERCEPT int dup3(int fd, int copy, int flags)
{
    replaces(fd, copy, RACE_CALLER_PC());
    return copied(fd, next_dup3()(fd, copy, flags), RACE_CALLER_PC());
}

static int controlled(int fd, int command, int result, const void *pc)
{
    bool copies = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
    return copies ? copied(fd, result, pc) : result;
}

/* Locks of open files keep threads apart, those of a process (F_SETLK) do not.  Without a LOCK the
 * kernel refuses. */
static bool is_of_file(int command, const struct flock *lock)
{
    return (command == F_OFD_SETLK || command == F_OFD_SETLKW) && lock != NULL;
}

static void locks(int fd, int command, const struct flock *lock)
{
    if (is_of_file(command, lock) && lock->l_type == F_UNLCK)
        race__file_unlocks(fd);
}

static void locked(int fd, int command, const struct flock *lock, int result)
{
    if (is_of_file(command, lock) && result == 0 && lock->l_type != F_UNLCK)
        race__file_locked(fd);
}

RACE_INTERCEPT int flock(int fd, int operation)
{
    race__file_use(fd, RACE_CALLER_PC());
    if ((operation & LOCK_UN) != 0)
        race__file_unlocks(fd);
    int result = next_flock()(fd, operation);
    if (result == 0 && (operation & LOCK_UN) == 0)
        race__file_locked(fd);
    return result;
}

/* One argument of a machine word, whatever COMMAND makes of it. */
RACE_INTERCEPT int fcntl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    race__file_use(fd, RACE_CALLER_PC());
    locks(fd, command, argument);
    int result = next_fcntl()(fd, command, argument);
    locked(fd, command, argument, result);
    return controlled(fd, command, result, RACE_CALLER_PC());
}

RACE_INTERCEPT int fcntl64(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    race__file_use(fd, RACE_CALLER_PC());
    locks(fd, command, argument);
    int result = next_fcntl64()(fd, command, argument);
    locked(fd, command, argument, result);
    return controlled(fd, command, result, RACE_CALLER_PC());
}

/* Forgotten before the real close: after it, another thread may be given the number. */
RACE_INTERCEPT int close(int fd)
{
    race__file_close(fd, RACE_CALLER_PC());
    return next_close()(fd);
}

RACE_INTERCEPT int fclose(FILE *stream)
{
    int fd = fileno(stream);
    if (fd >= 0 && __fpending(stream) != 0)
        race__file_write(fd);
    race__file_close(fd, RACE_CALLER_PC());
    return next_fclose()(stream);
}

RACE_INTERCEPT int pclose(FILE *stream)
{
    race__file_close(fileno(stream), RACE_CALLER_PC());
    return next_pclose()(stream);
}

/* The stream's file is another one afterwards, mostly under the same number. */
static void reopens(FILE *stream)
{
    int fd = fileno(stream);
    if (fd >= 0)
        race__files_closed((unsigned)fd, (unsigned)fd);
}

RACE_INTERCEPT FILE *freopen(const char *restrict path, const char *restrict mode,
                             FILE *restrict stream)
{
    reopens(stream);
    return next_freopen()(path, mode, stream);
}

RACE_INTERCEPT FILE *freopen64(const char *restrict path, const char *restrict mode,
                               FILE *restrict stream)
{
    reopens(stream);
    return next_freopen64()(path, mode, stream);
}

RACE_INTERCEPT int mq_close(mqd_t queue)
{
    race__file_close(queue, RACE_CALLER_PC());
    return next_mq_close()(queue);
}

/* Who reads from the other end meets an end there; who writes there, nobody. */
RACE_INTERCEPT int shutdown(int fd, int how)
{
    race__file_use(fd, RACE_CALLER_PC());
    race__file_ends(fd);
    return next_shutdown()(fd, how);
}

RACE_INTERCEPT int closedir(DIR *folder)
{
    race__file_close(dirfd(folder), RACE_CALLER_PC());
    return next_closedir()(folder);
}

RACE_INTERCEPT int close_range(unsigned first, unsigned last, int flags)
{
    if (flags == 0)
        race__files_closed(first, last);
    return next_close_range()(first, last, flags);
}

RACE_INTERCEPT void closefrom(int first)
{
    race__files_closed(first > 0 ? (unsigned)first : 0, UINT_MAX);
    next_closefrom()(first);
}

/* The mode is there only with O_CREAT or O_TMPFILE, and then an unsigned word. */
#define OPEN(name, parameters, arguments)                                                \
    RACE_INTERCEPT int name parameters                                                   \
    {                                                                                    \
        va_list list;                                                                    \
        va_start(list, flags);                                                           \
        mode_t mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE         \
                          ? va_arg(list, mode_t)                                         \
                          : 0;                                                           \
        va_end(list);                                                                    \
        return fresh(next_##name() arguments, RACE_CALLER_PC());                         \
    }

OPEN(open, (const char *path, int flags, ...), (path, flags, mode))
OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
OPEN(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
OPEN(openat64, (int folder, const char *path, int flags, ...),
     (folder, path, flags, mode))

RACE_INTERCEPT int creat(const char *path, mode_t mode)
{
    return fresh(next_creat()(path, mode), RACE_CALLER_PC());
}

RACE_INTERCEPT int creat64(const char *path, mode_t mode)
{
    return fresh(next_creat64()(path, mode), RACE_CALLER_PC());
}

RACE_INTERCEPT int eventfd(unsigned count, int flags)
{
    return fresh(next_eventfd()(count, flags), RACE_CALLER_PC());
}

RACE_INTERCEPT int memfd_create(const char *name, unsigned flags)
{
    return fresh(next_memfd_create()(name, flags), RACE_CALLER_PC());
}

RACE_INTERCEPT int epoll_create(int size)
{
    return fresh(next_epoll_create()(size), RACE_CALLER_PC());
}

RACE_INTERCEPT int epoll_create1(int flags)
{
    return fresh(next_epoll_create1()(flags), RACE_CALLER_PC());
}

RACE_INTERCEPT int timerfd_create(clockid_t clock, int flags)
{
    return fresh(next_timerfd_create()(clock, flags), RACE_CALLER_PC());
}

RACE_INTERCEPT int shm_open(const char *name, int flags, mode_t mode)
{
    return fresh(next_shm_open()(name, flags, mode), RACE_CALLER_PC());
}

RACE_INTERCEPT int posix_openpt(int flags)
{
    return fresh(next_posix_openpt()(flags), RACE_CALLER_PC());
}

RACE_INTERCEPT int inotify_init(void)
{
    return fresh(next_inotify_init()(), RACE_CALLER_PC());
}

RACE_INTERCEPT int inotify_init1(int flags)
{
    return fresh(next_inotify_init1()(flags), RACE_CALLER_PC());
}

/* NAME ends in what is replaced, and in a suffix of so many bytes. */
#define MAKE_TEMPORARY(function, parameters, arguments)                                  \
    RACE_INTERCEPT int function parameters                                               \
    {                                                                                    \
        race__write(name, strlen(name) + 1, RACE_CALLER_PC());                           \
        return fresh(next_##function() arguments, RACE_CALLER_PC());                     \
    }

MAKE_TEMPORARY(mkstemp, (char *name), (name))
MAKE_TEMPORARY(mkstemp64, (char *name), (name))
MAKE_TEMPORARY(mkstemps, (char *name, int suffix), (name, suffix))
MAKE_TEMPORARY(mkstemps64, (char *name, int suffix), (name, suffix))
MAKE_TEMPORARY(mkostemp, (char *name, int flags), (name, flags))
MAKE_TEMPORARY(mkostemp64, (char *name, int flags), (name, flags))
MAKE_TEMPORARY(mkostemps, (char *name, int suffix, int flags), (name, suffix, flags))
MAKE_TEMPORARY(mkostemps64, (char *name, int suffix, int flags), (name, suffix, flags))

/* Who sets a timer is before who reads that it has expired. */
RACE_INTERCEPT int timerfd_settime(int fd, int flags, const struct itimerspec *time,
                                   struct itimerspec *before)
{
    race__read(time, sizeof *time, RACE_CALLER_PC());
    race__file_use(fd, RACE_CALLER_PC());
    race__file_write(fd);
    int result = next_timerfd_settime()(fd, flags, time, before);
    if (result == 0 && before != NULL)
        race__write(before, sizeof *before, RACE_CALLER_PC());
    return result;
}
