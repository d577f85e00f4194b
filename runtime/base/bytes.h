/* Copying and clearing what is not the running strand's business: elements on their way from one
 * stack to another, and what the scheduler keeps.
 *
 * In a build with events neither memcpy nor memset may be called for that: race detectors
 * intercept them and would see the running strand touch what another one touches under a lock
 * that they know nothing of, or the element of a parked one. What the program does to its
 * elements is told through events, by the strand that does it.
 */
#ifndef GOC_BASE_BYTES_H
#define GOC_BASE_BYTES_H

#include "base/atomic.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void bytes_copy(void *to, const void *from, size_t size)
{
#ifdef GOC_RACE
    unsigned char *into = to;
    const unsigned char *next = from;
    for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t)) {
        __builtin_memcpy(into, next, sizeof(uint64_t));
        into += sizeof(uint64_t);
        next += sizeof(uint64_t);
        compiler_barrier(); /* keeps the loop from becoming a call of memcpy */
    }
    for (; size > 0; size--) {
        *into++ = *next++;
        compiler_barrier();
    }
#else
    memcpy(to, from, size);
#endif
}

/* Byte by byte, in any build: for who has no stack left for a call. */
static inline void bytes_zero_slowly(void *at, size_t size)
{
    for (unsigned char *byte = at; size > 0; size--) {
        *byte++ = 0;
        compiler_barrier(); /* keeps the loop from becoming a call of memset */
    }
}

static inline void bytes_zero(void *at, size_t size)
{
#ifdef GOC_RACE
    bytes_zero_slowly(at, size);
#else
    memset(at, 0, size);
#endif
}

#endif
