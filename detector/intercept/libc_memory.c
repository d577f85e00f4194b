/* <string.h>'s functions on bytes.  memcpy, memmove and memset come here where the
 * compiler saw a call and no intrinsic: through a pointer, or with -fno-builtin. */
#include "intercept/libc.h"

RACE_EXPORT void *goc_race_libc_memcpy(void *to, const void *from, size_t size)
{
    race__read(from, size, RACE_CALLER_PC());
    race__write(to, size, RACE_CALLER_PC());
    return memcpy(to, from, size);
}

RACE_EXPORT void *goc_race_libc_memmove(void *to, const void *from, size_t size)
{
    race__read(from, size, RACE_CALLER_PC());
    race__write(to, size, RACE_CALLER_PC());
    return memmove(to, from, size);
}

RACE_EXPORT void *goc_race_libc_memset(void *to, int byte, size_t size)
{
    race__write(to, size, RACE_CALLER_PC());
    return memset(to, byte, size);
}

RACE_EXPORT void *goc_race_libc_mempcpy(void *to, const void *from, size_t size)
{
    race__read(from, size, RACE_CALLER_PC());
    race__write(to, size, RACE_CALLER_PC());
    return mempcpy(to, from, size);
}

RACE_EXPORT void *goc_race_libc___memcpy_chk(void *to, const void *from, size_t size,
                                             size_t space)
{
    race__read(from, size, RACE_CALLER_PC());
    race__write(to, size, RACE_CALLER_PC());
    return __memcpy_chk(to, from, size, space);
}

RACE_EXPORT void *goc_race_libc___memmove_chk(void *to, const void *from, size_t size,
                                              size_t space)
{
    race__read(from, size, RACE_CALLER_PC());
    race__write(to, size, RACE_CALLER_PC());
    return __memmove_chk(to, from, size, space);
}

RACE_EXPORT void *goc_race_libc___mempcpy_chk(void *to, const void *from, size_t size,
                                              size_t space)
{
    race__read(from, size, RACE_CALLER_PC());
    race__write(to, size, RACE_CALLER_PC());
    return __mempcpy_chk(to, from, size, space);
}

RACE_EXPORT void *goc_race_libc___memset_chk(void *to, int byte, size_t size,
                                             size_t space)
{
    race__write(to, size, RACE_CALLER_PC());
    return __memset_chk(to, byte, size, space);
}

RACE_EXPORT void *goc_race_libc_memccpy(void *to, const void *from, int byte, size_t size)
{
    const char *found = memchr(from, byte, size);
    size_t copied = found == NULL ? size : (size_t)(found - (const char *)from) + 1;
    race__read(from, copied, RACE_CALLER_PC());
    race__write(to, copied, RACE_CALLER_PC());
    return memccpy(to, from, byte, size);
}

RACE_EXPORT int goc_race_libc_memcmp(const void *a, const void *b, size_t size)
{
    race__read(a, size, RACE_CALLER_PC());
    race__read(b, size, RACE_CALLER_PC());
    return memcmp(a, b, size);
}

RACE_EXPORT int goc_race_libc_bcmp(const void *a, const void *b, size_t size)
{
    race__read(a, size, RACE_CALLER_PC());
    race__read(b, size, RACE_CALLER_PC());
    return memcmp(a, b, size);
}

/* C17 7.24.5.1 with the correction of DR 457: read in order, and no further than found. */
RACE_EXPORT void *goc_race_libc_memchr(const void *bytes, int byte, size_t size)
{
    const char *found = memchr(bytes, byte, size);
    size_t seen = found == NULL ? size : (size_t)(found - (const char *)bytes) + 1;
    race__read(bytes, seen, RACE_CALLER_PC());
    return (void *)(uintptr_t)found;
}

RACE_EXPORT void *goc_race_libc_memrchr(const void *bytes, int byte, size_t size)
{
    const char *found = memrchr(bytes, byte, size);
    size_t skipped = found == NULL ? 0 : (size_t)(found - (const char *)bytes);
    race__read((const char *)bytes + skipped, size - skipped, RACE_CALLER_PC());
    return (void *)(uintptr_t)found;
}

RACE_EXPORT void *goc_race_libc_rawmemchr(const void *bytes, int byte)
{
    const char *found = rawmemchr(bytes, byte);
    race__read(bytes, (size_t)(found - (const char *)bytes) + 1, RACE_CALLER_PC());
    return (void *)(uintptr_t)found;
}

RACE_EXPORT void *goc_race_libc_memmem(const void *bytes, size_t size, const void *part,
                                       size_t part_size)
{
    race__read(bytes, size, RACE_CALLER_PC());
    race__read(part, part_size, RACE_CALLER_PC());
    return memmem(bytes, size, part, part_size);
}

RACE_EXPORT void goc_race_libc_bzero(void *to, size_t size)
{
    race__write(to, size, RACE_CALLER_PC());
    bzero(to, size);
}

RACE_EXPORT void goc_race_libc_explicit_bzero(void *to, size_t size)
{
    race__write(to, size, RACE_CALLER_PC());
    explicit_bzero(to, size);
}
