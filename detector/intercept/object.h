/* Synchronisation objects as memory.
 *
 * Making and destroying one is a write of its first byte, using it is a read: an object
 * that is used while another strand makes, destroys or overwrites it is a race like any
 * other.  One byte stands for all: whoever touches the object through its functions
 * touches that byte, and a plain access to a part of it is the program's own mistake.
 */
#ifndef GOC_INTERCEPT_OBJECT_H
#define GOC_INTERCEPT_OBJECT_H

#include "entry/access.h"
#include "entry/events.h"
#include "entry/heap.h"

#include <stddef.h>

/* SIZE bytes at OBJECT become a new object, unordered with what was there before. */
static inline void object_make(const void *object, size_t size, const void *pc)
{
    race__write(object, 1, pc);
    race__object_new(object, size);
    race__write(object, 1, pc);
}

static inline void object_destroy(const void *object, const void *pc)
{
    race__write(object, 1, pc);
}

static inline void object_use(const void *object, const void *pc)
{
    race__use(object, pc);
}

#endif
