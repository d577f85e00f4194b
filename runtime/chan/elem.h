/* Copying elements: bytes of one size, from a stack, to a stack, or in and out of a
 * buffer.
 *
 * In a build with events neither memcpy nor memset may be called: ThreadSanitizer
 * intercepts them at link time and would see the running strand touch the element of the
 * parked one. What the program does to its elements is told through events, by the strand
 * that does it.
 */
#ifndef GOC_CHAN_ELEM_H
#define GOC_CHAN_ELEM_H

#include "base/atomic.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void elem_copy_any(unsigned char *to, const unsigned char *from,
                                 size_t size)
{
#ifdef GOC_RACE
    for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t)) {
        __builtin_memcpy(to, from, sizeof(uint64_t));
        to += sizeof(uint64_t);
        from += sizeof(uint64_t);
        compiler_barrier(); /* keeps the loop from becoming a call of memcpy */
    }
    for (; size > 0; size--) {
        *to++ = *from++;
        compiler_barrier();
    }
#else
    memcpy(to, from, size);
#endif
}

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
        elem_copy_any(to, from, size);
    }
}

/* Zero one element. */
static inline void elem_zero(void *elem, size_t size)
{
#ifdef GOC_RACE
    for (unsigned char *byte = elem; size > 0; size--) {
        *byte++ = 0;
        compiler_barrier(); /* keeps the loop from becoming a call of memset */
    }
#else
    if (size > 0)
        memset(elem, 0, size);
#endif
}

#endif
