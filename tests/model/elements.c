/* Copying elements as channels do, where the compiler knows that the two do not overlap: it has
 * every reason to call memcpy and memset, and chan/elem.h must keep it from that.  Compiled by
 * mutate.py, never run. */
#include "chan/elem.h"

void copy(unsigned char *restrict to, const unsigned char *restrict from, size_t size);
void zero(unsigned char *elem, size_t size);

void copy(unsigned char *restrict to, const unsigned char *restrict from, size_t size)
{
    elem_copy_any(to, from, size);
}

void zero(unsigned char *elem, size_t size)
{
    elem_zero(elem, size);
}
