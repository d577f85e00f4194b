/* <string.h>'s functions that compare strings and search in them: each reads until it
 * knows its answer. */
#include "intercept/libc.h"

#include <ctype.h>

static int as_is(int c)
{
    return c;
}

/* Bytes that a comparison of A and B, by at most LIMIT of them, reads of each. */
static size_t compared(const char *a, const char *b, size_t limit, int (*fold)(int))
{
    size_t i = 0;
    while (i < limit) {
        unsigned char ca = (unsigned char)a[i];
        unsigned char cb = (unsigned char)b[i];
        i++;
        if (fold(ca) != fold(cb) || ca == '\0')
            break;
    }
    return i;
}

static void compares(const char *a, const char *b, size_t limit, int (*fold)(int),
                     const void *pc)
{
    size_t size = compared(a, b, limit, fold);
    race__read(a, size, pc);
    race__read(b, size, pc);
}

RACE_EXPORT int goc_race_libc_strcmp(const char *a, const char *b)
{
    compares(a, b, SIZE_MAX, as_is, RACE_CALLER_PC());
    return strcmp(a, b);
}

RACE_EXPORT int goc_race_libc_strncmp(const char *a, const char *b, size_t limit)
{
    compares(a, b, limit, as_is, RACE_CALLER_PC());
    return strncmp(a, b, limit);
}

RACE_EXPORT int goc_race_libc_strcasecmp(const char *a, const char *b)
{
    compares(a, b, SIZE_MAX, tolower, RACE_CALLER_PC());
    return strcasecmp(a, b);
}

RACE_EXPORT int goc_race_libc_strncasecmp(const char *a, const char *b, size_t limit)
{
    compares(a, b, limit, tolower, RACE_CALLER_PC());
    return strncasecmp(a, b, limit);
}

RACE_EXPORT int goc_race_libc_strcoll(const char *a, const char *b)
{
    reads_string(a, RACE_CALLER_PC());
    reads_string(b, RACE_CALLER_PC());
    return strcoll(a, b);
}

/* S was searched from its start to FOUND's first byte, or to its end. */
static char *searched(const char *s, const char *found, const void *pc)
{
    race__read(s, found == NULL ? strlen(s) + 1 : (size_t)(found - s) + 1, pc);
    return (char *)(uintptr_t)found;
}

RACE_EXPORT char *goc_race_libc_strchr(const char *s, int c)
{
    return searched(s, strchr(s, c), RACE_CALLER_PC());
}

RACE_EXPORT char *goc_race_libc_strchrnul(const char *s, int c)
{
    return searched(s, strchrnul(s, c), RACE_CALLER_PC());
}

RACE_EXPORT char *goc_race_libc_strrchr(const char *s, int c)
{
    reads_string(s, RACE_CALLER_PC());
    return strrchr(s, c);
}

/* PART was looked for in S and found at FOUND, or not. */
static char *found_part(const char *s, const char *part, const char *found,
                        const void *pc)
{
    size_t size = strlen(part);
    race__read(part, size + 1, pc);
    race__read(s, found == NULL ? strlen(s) + 1 : (size_t)(found - s) + size, pc);
    return (char *)(uintptr_t)found;
}

RACE_EXPORT char *goc_race_libc_strstr(const char *s, const char *part)
{
    return found_part(s, part, strstr(s, part), RACE_CALLER_PC());
}

RACE_EXPORT char *goc_race_libc_strcasestr(const char *s, const char *part)
{
    return found_part(s, part, strcasestr(s, part), RACE_CALLER_PC());
}

RACE_EXPORT size_t goc_race_libc_strspn(const char *s, const char *set)
{
    size_t length = strspn(s, set);
    race__read(s, length + 1, RACE_CALLER_PC());
    reads_string(set, RACE_CALLER_PC());
    return length;
}

RACE_EXPORT size_t goc_race_libc_strcspn(const char *s, const char *set)
{
    size_t length = strcspn(s, set);
    race__read(s, length + 1, RACE_CALLER_PC());
    reads_string(set, RACE_CALLER_PC());
    return length;
}

RACE_EXPORT char *goc_race_libc_strpbrk(const char *s, const char *set)
{
    reads_string(set, RACE_CALLER_PC());
    return searched(s, strpbrk(s, set), RACE_CALLER_PC());
}
