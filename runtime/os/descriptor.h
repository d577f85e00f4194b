/* Descriptors of the runtime's own keep away from 0, 1 and 2.
 *
 * A program that has closed one of those means it to be closed, or opens something of its own there
 * next; what it prints must not go to an epoll, and what it reads not come from /proc. */
#ifndef GOC_OS_DESCRIPTOR_H
#define GOC_OS_DESCRIPTOR_H

#include "syscall.h"

#include <fcntl.h>
#include <unistd.h>

/* FD, which was just opened, or in its place one above those; a negative errno stays as it is. */
static inline int goc__descriptor_apart(long fd)
{
    if (fd < 0 || fd > STDERR_FILENO)
        return (int)fd;
    long above = syscall3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    syscall3(SYS_close, fd, 0, 0);
    return (int)above;
}

#endif
