/* <stdlib.h>'s conversions of strings to numbers: they read up to and including the first
 * byte that belongs to the number no more.
 *
 * The plain names are bound to the plain symbols here: glibc's headers lead some of them
 * to newer versions, which a program compiled for an older C has not asked for.
 */
#include "intercept/libc.h"

#define PLAIN(name) extern __typeof__(name) plain_##name __asm__(#name);
PLAIN(strtol)
PLAIN(strtoul)
PLAIN(strtoll)
PLAIN(strtoull)

/* TEXT was converted up to END. */
static void converted(const char *text, const char *end, char **out, const void *pc)
{
    race__read(text, (size_t)(end - text) + 1, pc);
    if (out == NULL)
        return;
    race__write(out, sizeof *out, pc);
    *out = (char *)(uintptr_t)end;
}

#define CONVERT_INTEGER(type, name, libc_name)                                           \
    RACE_EXPORT type goc_race_libc_##name(const char *text, char **out, int base)        \
    {                                                                                    \
        char *end;                                                                       \
        type value = libc_name(text, &end, base);                                        \
        converted(text, end, out, RACE_CALLER_PC());                                     \
        return value;                                                                    \
    }
CONVERT_INTEGER(long, strtol, plain_strtol)
CONVERT_INTEGER(unsigned long, strtoul, plain_strtoul)
CONVERT_INTEGER(long long, strtoll, plain_strtoll)
CONVERT_INTEGER(unsigned long long, strtoull, plain_strtoull)
CONVERT_INTEGER(long, __isoc23_strtol, __isoc23_strtol)
CONVERT_INTEGER(unsigned long, __isoc23_strtoul, __isoc23_strtoul)
CONVERT_INTEGER(long long, __isoc23_strtoll, __isoc23_strtoll)
CONVERT_INTEGER(unsigned long long, __isoc23_strtoull, __isoc23_strtoull)

#define CONVERT_FLOAT(type, name)                                                        \
    RACE_EXPORT type goc_race_libc_##name(const char *text, char **out)                  \
    {                                                                                    \
        char *end;                                                                       \
        type value = name(text, &end);                                                   \
        converted(text, end, out, RACE_CALLER_PC());                                     \
        return value;                                                                    \
    }
CONVERT_FLOAT(float, strtof)
CONVERT_FLOAT(double, strtod)
CONVERT_FLOAT(long double, strtold)

#define CONVERT_ALL(type, name, convert, ...)                                            \
    RACE_EXPORT type goc_race_libc_##name(const char *text)                              \
    {                                                                                    \
        char *end;                                                                       \
        type value = (type)convert(text, &end __VA_OPT__(, ) __VA_ARGS__);               \
        converted(text, end, NULL, RACE_CALLER_PC());                                    \
        return value;                                                                    \
    }
CONVERT_ALL(int, atoi, plain_strtol, 10)
CONVERT_ALL(long, atol, plain_strtol, 10)
CONVERT_ALL(long long, atoll, plain_strtoll, 10)
CONVERT_ALL(double, atof, strtod)
