/* Copying and clearing without libc: under ThreadSanitizer memcpy and memset are its
 * interceptors, and what the detector does to its own memory is nobody's access. */
#ifndef GOC_DETECTOR_BASE_BYTES_H
#define GOC_DETECTOR_BASE_BYTES_H

#include <stddef.h>

static inline void race__copy(void *to, const void *from, size_t size)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

static inline void race__clear(void *to, size_t size)
{
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(0) : "memory");
}

static inline size_t race__length(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    return length;
}

#endif
