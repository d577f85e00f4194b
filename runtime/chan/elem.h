/* Copying elements: bytes of one size, from a stack, to a stack, or in and out of a
 * buffer.
 */
#ifndef GOC_CHAN_ELEM_H
#define GOC_CHAN_ELEM_H

#include "base/bytes.h"

#include <stddef.h>

/* Copy one element; TO and FROM may be NULL where SIZE is 0. */
static inline void elem_copy(void *to, const void *from, size_t size)
{
    switch (size) { /* the common sizes become plain moves */
    case 0:
        return;
    case 4:
        __builtin_memcpy(to, from, 4);
        return;
    case 8:
        __builtin_memcpy(to, from, 8);
        return;
    case 16:
        __builtin_memcpy(to, from, 16);
        return;
    default:
        bytes_copy(to, from, size);
    }
}

/* Zero one element. */
static inline void elem_zero(void *elem, size_t size)
{
    if (size > 0)
        bytes_zero(elem, size);
}

#endif
