/* <string.h>'s functions that measure, copy and cut strings. */
#include "intercept/libc.h"

RACE_EXPORT size_t goc_race_libc_strlen(const char *s)
{
    size_t length = strlen(s);
    race__read(s, length + 1, RACE_CALLER_PC());
    return length;
}

RACE_EXPORT size_t goc_race_libc_strnlen(const char *s, size_t limit)
{
    reads_string_up_to(s, limit, RACE_CALLER_PC());
    return strnlen(s, limit);
}

/* A copy of all of FROM to TO, which has been checked nowhere yet. */
static void copies(const char *to, const char *from, const void *pc)
{
    size_t size = strlen(from) + 1;
    race__read(from, size, pc);
    race__write(to, size, pc);
}

/* A copy of at most LIMIT bytes, filled up with zeros to LIMIT. */
static void copies_padded(const char *to, const char *from, size_t limit, const void *pc)
{
    reads_string_up_to(from, limit, pc);
    race__write(to, limit, pc);
}

/* FROM, at most LIMIT bytes of it, and a zero go where TO ended. */
static void appends(const char *to, const char *from, size_t limit, const void *pc)
{
    size_t old = strlen(to);
    race__read(to, old, pc);
    reads_string_up_to(from, limit, pc);
    race__write(to + old, strnlen(from, limit) + 1, pc);
}

RACE_EXPORT char *goc_race_libc_strcpy(char *to, const char *from)
{
    copies(to, from, RACE_CALLER_PC());
    return strcpy(to, from);
}

RACE_EXPORT char *goc_race_libc_stpcpy(char *to, const char *from)
{
    copies(to, from, RACE_CALLER_PC());
    return stpcpy(to, from);
}

RACE_EXPORT char *goc_race_libc___strcpy_chk(char *to, const char *from, size_t space)
{
    copies(to, from, RACE_CALLER_PC());
    return __strcpy_chk(to, from, space);
}

RACE_EXPORT char *goc_race_libc___stpcpy_chk(char *to, const char *from, size_t space)
{
    copies(to, from, RACE_CALLER_PC());
    return __stpcpy_chk(to, from, space);
}

RACE_EXPORT char *goc_race_libc_strncpy(char *to, const char *from, size_t limit)
{
    copies_padded(to, from, limit, RACE_CALLER_PC());
    return strncpy(to, from, limit);
}

RACE_EXPORT char *goc_race_libc_stpncpy(char *to, const char *from, size_t limit)
{
    copies_padded(to, from, limit, RACE_CALLER_PC());
    return stpncpy(to, from, limit);
}

RACE_EXPORT char *goc_race_libc___strncpy_chk(char *to, const char *from, size_t limit,
                                              size_t space)
{
    copies_padded(to, from, limit, RACE_CALLER_PC());
    return __strncpy_chk(to, from, limit, space);
}

RACE_EXPORT char *goc_race_libc___stpncpy_chk(char *to, const char *from, size_t limit,
                                              size_t space)
{
    copies_padded(to, from, limit, RACE_CALLER_PC());
    return __stpncpy_chk(to, from, limit, space);
}

RACE_EXPORT char *goc_race_libc_strcat(char *to, const char *from)
{
    appends(to, from, SIZE_MAX, RACE_CALLER_PC());
    return strcat(to, from);
}

RACE_EXPORT char *goc_race_libc___strcat_chk(char *to, const char *from, size_t space)
{
    appends(to, from, SIZE_MAX, RACE_CALLER_PC());
    return __strcat_chk(to, from, space);
}

RACE_EXPORT char *goc_race_libc_strncat(char *to, const char *from, size_t limit)
{
    appends(to, from, limit, RACE_CALLER_PC());
    return strncat(to, from, limit);
}

RACE_EXPORT char *goc_race_libc___strncat_chk(char *to, const char *from, size_t limit,
                                              size_t space)
{
    appends(to, from, limit, RACE_CALLER_PC());
    return __strncat_chk(to, from, limit, space);
}

RACE_EXPORT char *goc_race_libc_strdup(const char *s)
{
    reads_string(s, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), char *copy = strdup(s));
    return copy;
}

RACE_EXPORT char *goc_race_libc_strndup(const char *s, size_t limit)
{
    reads_string_up_to(s, limit, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), char *copy = strndup(s, limit));
    return copy;
}

/* TOKEN was cut out of a text; the search goes on at NEXT.  Its bytes were read, and a zero
 * was put behind it unless the text ended there. */
static void cut(const char *token, const char *next, const void *pc)
{
    if (token == NULL)
        return;
    size_t length = strlen(token);
    race__read(token, length, pc);
    if (next == token + length + 1)
        race__write(token + length, 1, pc);
    else
        race__read(token + length, 1, pc);
}

/* Where strtok goes on: a variable of libc's in plain C's eyes, which every call writes. */
static char *strtok_state;

RACE_EXPORT char *goc_race_libc_strtok(char *s, const char *separators)
{
    race__write(&strtok_state, sizeof strtok_state, RACE_CALLER_PC());
    reads_string(separators, RACE_CALLER_PC());
    char *token = strtok_r(s, separators, &strtok_state);
    cut(token, strtok_state, RACE_CALLER_PC());
    return token;
}

RACE_EXPORT char *goc_race_libc_strtok_r(char *s, const char *separators, char **state)
{
    race__write(state, sizeof *state, RACE_CALLER_PC());
    reads_string(separators, RACE_CALLER_PC());
    char *token = strtok_r(s, separators, state);
    cut(token, *state, RACE_CALLER_PC());
    return token;
}

RACE_EXPORT char *goc_race_libc_strsep(char **s, const char *separators)
{
    race__write(s, sizeof *s, RACE_CALLER_PC());
    reads_string(separators, RACE_CALLER_PC());
    char *token = strsep(s, separators);
    cut(token, *s, RACE_CALLER_PC());
    return token;
}
