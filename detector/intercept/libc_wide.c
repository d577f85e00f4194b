/* <wchar.h>'s functions on strings and memory, <stdlib.h>'s conversions, strxfrm. */
#include "intercept/libc.h"

static void reads_wide(const wchar_t *s, const void *pc)
{
    race__read(s, (wcslen(s) + 1) * sizeof *s, pc);
}

RACE_EXPORT size_t goc_race_libc_wcslen(const wchar_t *s)
{
    reads_wide(s, RACE_CALLER_PC());
    return wcslen(s);
}

RACE_EXPORT wchar_t *goc_race_libc_wcscpy(wchar_t *to, const wchar_t *from)
{
    reads_wide(from, RACE_CALLER_PC());
    race__write(to, (wcslen(from) + 1) * sizeof *to, RACE_CALLER_PC());
    return wcscpy(to, from);
}

/* What is left of LIMIT is filled with zeros. */
RACE_EXPORT wchar_t *goc_race_libc_wcsncpy(wchar_t *to, const wchar_t *from, size_t limit)
{
    size_t length = wcsnlen(from, limit);
    race__read(from, (length < limit ? length + 1 : limit) * sizeof *from,
               RACE_CALLER_PC());
    race__write(to, limit * sizeof *to, RACE_CALLER_PC());
    return wcsncpy(to, from, limit);
}

RACE_EXPORT wchar_t *goc_race_libc_wcscat(wchar_t *to, const wchar_t *from)
{
    size_t length = wcslen(to);
    reads_wide(from, RACE_CALLER_PC());
    race__read(to, length * sizeof *to, RACE_CALLER_PC());
    race__write(to + length, (wcslen(from) + 1) * sizeof *to, RACE_CALLER_PC());
    return wcscat(to, from);
}

RACE_EXPORT int goc_race_libc_wcscmp(const wchar_t *a, const wchar_t *b)
{
    size_t same = 0;
    while (a[same] == b[same] && a[same] != L'\0')
        same++;
    race__read(a, (same + 1) * sizeof *a, RACE_CALLER_PC());
    race__read(b, (same + 1) * sizeof *b, RACE_CALLER_PC());
    return wcscmp(a, b);
}

RACE_EXPORT wchar_t *goc_race_libc_wcschr(const wchar_t *s, wchar_t c)
{
    const wchar_t *found = wcschr(s, c);
    size_t seen = (found == NULL ? wcslen(s) : (size_t)(found - s)) + 1;
    race__read(s, seen * sizeof *s, RACE_CALLER_PC());
    return (wchar_t *)(uintptr_t)found;
}

RACE_EXPORT wchar_t *goc_race_libc_wmemcpy(wchar_t *to, const wchar_t *from, size_t count)
{
    race__read(from, count * sizeof *from, RACE_CALLER_PC());
    race__write(to, count * sizeof *to, RACE_CALLER_PC());
    return wmemcpy(to, from, count);
}

RACE_EXPORT wchar_t *goc_race_libc_wmemmove(wchar_t *to, const wchar_t *from,
                                            size_t count)
{
    race__read(from, count * sizeof *from, RACE_CALLER_PC());
    race__write(to, count * sizeof *to, RACE_CALLER_PC());
    return wmemmove(to, from, count);
}

RACE_EXPORT wchar_t *goc_race_libc_wmemset(wchar_t *to, wchar_t c, size_t count)
{
    race__write(to, count * sizeof *to, RACE_CALLER_PC());
    return wmemset(to, c, count);
}

RACE_EXPORT int goc_race_libc_wmemcmp(const wchar_t *a, const wchar_t *b, size_t count)
{
    race__read(a, count * sizeof *a, RACE_CALLER_PC());
    race__read(b, count * sizeof *b, RACE_CALLER_PC());
    return wmemcmp(a, b, count);
}

/* So many characters of LIMIT were written, and an end if there was room. */
static void converted(const void *to, size_t count, size_t limit, size_t size,
                      const void *pc)
{
    if (to != NULL && count != (size_t)-1)
        race__write(to, (count < limit ? count + 1 : limit) * size, pc);
}

RACE_EXPORT size_t goc_race_libc_mbstowcs(wchar_t *to, const char *from, size_t limit)
{
    reads_string(from, RACE_CALLER_PC());
    size_t count = mbstowcs(to, from, limit);
    converted(to, count, limit, sizeof *to, RACE_CALLER_PC());
    return count;
}

RACE_EXPORT size_t goc_race_libc_wcstombs(char *to, const wchar_t *from, size_t limit)
{
    reads_wide(from, RACE_CALLER_PC());
    size_t count = wcstombs(to, from, limit);
    converted(to, count, limit, 1, RACE_CALLER_PC());
    return count;
}

RACE_EXPORT size_t goc_race_libc_strxfrm(char *to, const char *from, size_t limit)
{
    reads_string(from, RACE_CALLER_PC());
    size_t length = strxfrm(to, from, limit);
    if (length < limit)
        race__write(to, length + 1, RACE_CALLER_PC());
    return length;
}
