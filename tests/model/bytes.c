/* Copying where the compiler knows that the two do not overlap: it has every reason to call memcpy
 * and memset, and base/bytes.h must keep it from that.  Compiled by mutate.py, never run. */
#include "base/bytes.h"

void copy(unsigned char *restrict to, const unsigned char *restrict from, size_t size);
void zero(unsigned char *elem, size_t size);

void copy(unsigned char *restrict to, const unsigned char *restrict from, size_t size)
{
    bytes_copy(to, from, size);
}

void zero(unsigned char *elem, size_t size)
{
    bytes_zero(elem, size);
}
