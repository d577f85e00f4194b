/* <stdio.h>'s printf family.  Each function of "…" does what its twin of va_list does.
 *
 * PRINT checks what the format and its arguments say and leaves the arguments as they
 * were, for libc.
 */
#include "intercept/files.h"
#include "intercept/format.h"
#include "intercept/libc.h"
#include "intercept/streams.h"

/* What sprintf and its kind wrote to TO, which has room for SPACE: the text and its end. */
static int written(int length, const char *to, size_t space, const void *pc)
{
    if (length >= 0 && space != 0)
        race__write(to, (size_t)length < space ? (size_t)length + 1 : space, pc);
    return length;
}

/* asprintf's answer. */
static int made(int length, char **to, const void *pc)
{
    race__write(to, sizeof *to, pc);
    return length;
}

/* How long the text will be is not known before. */
static FILE *goes_to(FILE *stream)
{
    race__stream_write(stream, SIZE_MAX);
    return stream;
}

static int goes_to_file(int fd, const void *pc)
{
    race__file_use(fd, pc);
    race__file_write(fd);
    return fd;
}

#define PRINT(result_of, call)                                                           \
    const void *pc = RACE_CALLER_PC();                                                   \
    race__check_printf(format, arguments, pc);                                           \
    WITHIN(pc, int length = call);                                                       \
    return result_of

RACE_EXPORT int goc_race_libc_vprintf(const char *format, va_list arguments)
{
    PRINT(length, vfprintf(goes_to(stdout), format, arguments));
}

RACE_EXPORT int goc_race_libc_vfprintf(FILE *stream, const char *format,
                                       va_list arguments)
{
    PRINT(length, vfprintf(goes_to(stream), format, arguments));
}

RACE_EXPORT int goc_race_libc_vdprintf(int fd, const char *format, va_list arguments)
{
    PRINT(length, vdprintf(goes_to_file(fd, pc), format, arguments));
}

RACE_EXPORT int goc_race_libc_vsprintf(char *to, const char *format, va_list arguments)
{
    PRINT(written(length, to, SIZE_MAX, pc), vsprintf(to, format, arguments));
}

RACE_EXPORT int goc_race_libc_vsnprintf(char *to, size_t size, const char *format,
                                        va_list arguments)
{
    PRINT(written(length, to, size, pc), vsnprintf(to, size, format, arguments));
}

RACE_EXPORT int goc_race_libc_vasprintf(char **to, const char *format, va_list arguments)
{
    PRINT(made(length, to, pc), vasprintf(to, format, arguments));
}

RACE_EXPORT int goc_race_libc___vsprintf_chk(char *to, int flag, size_t space,
                                             const char *format, va_list arguments)
{
    PRINT(written(length, to, SIZE_MAX, pc),
          __vsprintf_chk(to, flag, space, format, arguments));
}

RACE_EXPORT int goc_race_libc___vsnprintf_chk(char *to, size_t size, int flag,
                                              size_t space, const char *format,
                                              va_list arguments)
{
    PRINT(written(length, to, size, pc),
          __vsnprintf_chk(to, size, flag, space, format, arguments));
}

#define PRINT_VARIADIC(result_of, call)                                                  \
    const void *pc = RACE_CALLER_PC();                                                   \
    va_list arguments;                                                                   \
    va_start(arguments, format);                                                         \
    race__check_printf(format, arguments, pc);                                           \
    WITHIN(pc, int length = call);                                                       \
    va_end(arguments);                                                                   \
    return result_of

RACE_EXPORT int goc_race_libc_printf(const char *format, ...)
{
    PRINT_VARIADIC(length, vfprintf(goes_to(stdout), format, arguments));
}

RACE_EXPORT int goc_race_libc_fprintf(FILE *stream, const char *format, ...)
{
    PRINT_VARIADIC(length, vfprintf(goes_to(stream), format, arguments));
}

RACE_EXPORT int goc_race_libc_dprintf(int fd, const char *format, ...)
{
    PRINT_VARIADIC(length, vdprintf(goes_to_file(fd, pc), format, arguments));
}

RACE_EXPORT int goc_race_libc_sprintf(char *to, const char *format, ...)
{
    PRINT_VARIADIC(written(length, to, SIZE_MAX, pc), vsprintf(to, format, arguments));
}

RACE_EXPORT int goc_race_libc_snprintf(char *to, size_t size, const char *format, ...)
{
    PRINT_VARIADIC(written(length, to, size, pc), vsnprintf(to, size, format, arguments));
}

RACE_EXPORT int goc_race_libc_asprintf(char **to, const char *format, ...)
{
    PRINT_VARIADIC(made(length, to, pc), vasprintf(to, format, arguments));
}

/* Fortified: glibc's checks of %n and of the space are kept where memory is written; to a
 * stream they are its checks of the format alone. */
RACE_EXPORT int goc_race_libc___printf_chk(int flag, const char *format, ...)
{
    (void)flag;
    PRINT_VARIADIC(length, vfprintf(goes_to(stdout), format, arguments));
}

RACE_EXPORT int goc_race_libc___fprintf_chk(FILE *stream, int flag, const char *format,
                                            ...)
{
    (void)flag;
    PRINT_VARIADIC(length, vfprintf(goes_to(stream), format, arguments));
}

RACE_EXPORT int goc_race_libc___sprintf_chk(char *to, int flag, size_t space,
                                            const char *format, ...)
{
    PRINT_VARIADIC(written(length, to, SIZE_MAX, pc),
                   __vsprintf_chk(to, flag, space, format, arguments));
}

RACE_EXPORT int goc_race_libc___snprintf_chk(char *to, size_t size, int flag,
                                             size_t space, const char *format, ...)
{
    PRINT_VARIADIC(written(length, to, size, pc),
                   __vsnprintf_chk(to, size, flag, space, format, arguments));
}
