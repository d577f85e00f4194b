/* Buffers in parts: the vectors of readv, sendmsg and their kind. */
#ifndef GOC_INTERCEPT_PARTS_H
#define GOC_INTERCEPT_PARTS_H

#include <stddef.h>
#include <sys/uio.h>

/* A call from PC has put SIZE bytes into COUNT parts, from the first on. */
void race__parts_written(const struct iovec *parts, size_t count, size_t size,
                         const void *pc);
/* A call from PC takes all of COUNT parts. */
void race__parts_read(const struct iovec *parts, size_t count, const void *pc);

#endif
