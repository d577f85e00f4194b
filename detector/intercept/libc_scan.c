/* <stdio.h>'s scanf family, in the versions that glibc has for C90, C99 and C23: each
 * standard reads some formats and numbers differently, so each keeps its own symbol. */
#include "intercept/format.h"
#include "intercept/libc.h"
#include "intercept/streams.h"

#define PLAIN(name) extern __typeof__(name) plain_##name __asm__(#name);
PLAIN(vscanf)
PLAIN(vfscanf)
PLAIN(vsscanf)

/* READ is what else to tell of. */
#define SCAN(call, read)                                                                 \
    race__check_scanf_format(format, pc);                                                \
    WITHIN(pc, int count = call);                                                        \
    va_end(used);                                                                        \
    read;                                                                                \
    race__check_scanf(format, count, arguments, pc);                                     \
    return count

static int from_input(__typeof__(vscanf) *scan, const char *format, va_list arguments,
                      const void *pc)
{
    va_list used;
    va_copy(used, arguments);
    SCAN(scan(format, used), race__stream_read(stdin));
}

static int from_stream(__typeof__(vfscanf) *scan, FILE *stream, const char *format,
                       va_list arguments, const void *pc)
{
    va_list used;
    va_copy(used, arguments);
    SCAN(scan(stream, format, used), race__stream_read(stream));
}

static int from_string(__typeof__(vsscanf) *scan, const char *text, const char *format,
                       va_list arguments, const void *pc)
{
    va_list used;
    va_copy(used, arguments);
    reads_string(text, pc);
    SCAN(scan(text, format, used), (void)0);
}

#define VARIADIC(call)                                                                   \
    va_list arguments;                                                                   \
    va_start(arguments, format);                                                         \
    int result = call;                                                                   \
    va_end(arguments);                                                                   \
    return result

/* The six functions of one version: PREFIX of their names, LIBC of libc's own va_list ones. */
#define FAMILY(prefix, libc)                                                             \
    RACE_EXPORT int goc_race_libc_##prefix##vscanf(const char *format,                   \
                                                   va_list arguments)                    \
    {                                                                                    \
        return from_input(libc##vscanf, format, arguments, RACE_CALLER_PC());            \
    }                                                                                    \
    RACE_EXPORT int goc_race_libc_##prefix##vfscanf(FILE *stream, const char *format,    \
                                                    va_list arguments)                   \
    {                                                                                    \
        return from_stream(libc##vfscanf, stream, format, arguments, RACE_CALLER_PC());  \
    }                                                                                    \
    RACE_EXPORT int goc_race_libc_##prefix##vsscanf(                                     \
        const char *text, const char *format, va_list arguments)                         \
    {                                                                                    \
        return from_string(libc##vsscanf, text, format, arguments, RACE_CALLER_PC());    \
    }                                                                                    \
    RACE_EXPORT int goc_race_libc_##prefix##scanf(const char *format, ...)               \
    {                                                                                    \
        const void *pc = RACE_CALLER_PC();                                               \
        VARIADIC(from_input(libc##vscanf, format, arguments, pc));                       \
    }                                                                                    \
    RACE_EXPORT int goc_race_libc_##prefix##fscanf(FILE *stream, const char *format,     \
                                                   ...)                                  \
    {                                                                                    \
        const void *pc = RACE_CALLER_PC();                                               \
        VARIADIC(from_stream(libc##vfscanf, stream, format, arguments, pc));             \
    }                                                                                    \
    RACE_EXPORT int goc_race_libc_##prefix##sscanf(const char *text, const char *format, \
                                                   ...)                                  \
    {                                                                                    \
        const void *pc = RACE_CALLER_PC();                                               \
        VARIADIC(from_string(libc##vsscanf, text, format, arguments, pc));               \
    }
FAMILY(, plain_)
FAMILY(__isoc99_, __isoc99_)
FAMILY(__isoc23_, __isoc23_)
