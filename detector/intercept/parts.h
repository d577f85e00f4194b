/* What calls on descriptors access of the program's memory: buffers in parts, the vectors of readv,
 * sendmsg and their kind; sockets' addresses. */
#ifndef GOC_INTERCEPT_PARTS_H
#define GOC_INTERCEPT_PARTS_H

#include "entry/access.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* A call from PC has put SIZE bytes into COUNT parts, from the first on. */
void race__parts_written(const struct iovec *parts, size_t count, size_t size,
                         const void *pc);
/* A call from PC takes all of COUNT parts. */
void race__parts_read(const struct iovec *parts, size_t count, const void *pc);

/* A call from PC has put a socket's address to TO, which has ROOM, and its size to *SIZE: that may
 * be more, and then the address is cut off.  TO may be NULL: then nothing was asked for. */
static inline void race__address_written(const void *to, const socklen_t *size,
                                         socklen_t room, const void *pc)
{
    if (to == NULL || size == NULL)
        return;
    race__write(to, *size < room ? *size : room, pc);
    race__write(size, sizeof *size, pc);
}

#endif
