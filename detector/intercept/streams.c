/* The smallest doors of streams, their buffers' own, and their locks.
 *
 * A stream's lock orders as any other where the program takes it (flockfile), for it keeps apart
 * who uses getc_unlocked.  Those that libc takes for the time of a call order nobody: they are
 * libc's way of keeping its own data.
 */
#include "intercept/streams.h"

#include "entry/events.h"
#include "intercept/files.h"
#include "intercept/next.h"

#include <stdbool.h>
#include <unistd.h>

int __uflow(FILE *stream);
int __overflow(FILE *stream, int c);

RACE_NEXT(fflush)
RACE_NEXT(fgetc)
RACE_NEXT(getc)
RACE_NEXT(fputc)
RACE_NEXT(putc)
RACE_NEXT(getchar)
RACE_NEXT(putchar)
RACE_NEXT(__uflow)
RACE_NEXT(__overflow)
RACE_NEXT(flockfile)
RACE_NEXT(ftrylockfile)
RACE_NEXT(funlockfile)

/* Memory has no descriptor, and of an inherited one the program has no other end. */
static bool is_message(const FILE *stream)
{
    return stream->_fileno > STDERR_FILENO ||
           (stream->_fileno >= 0 && race__file_is_known(stream->_fileno));
}

void race__stream_write(FILE *stream, size_t size)
{
    size_t room = stream->_IO_write_end > stream->_IO_write_ptr
                      ? (size_t)(stream->_IO_write_end - stream->_IO_write_ptr)
                      : 0;
    if (size >= room && is_message(stream))
        race__file_write(stream->_fileno);
}

void race__stream_read(FILE *stream)
{
    if (is_message(stream))
        race__file_got(stream->_fileno, feof_unlocked(stream) == 0);
}

static bool is_empty(const FILE *stream)
{
    return stream->_IO_read_ptr >= stream->_IO_read_end;
}

#define GET(name, parameters, stream, arguments)                                         \
    RACE_INTERCEPT int name parameters                                                   \
    {                                                                                    \
        bool reads = is_empty(stream);                                                   \
        int c = next_##name() arguments;                                                 \
        if (reads)                                                                       \
            race__stream_read(stream);                                                   \
        return c;                                                                        \
    }

#define PUT(name, parameters, stream, arguments)                                         \
    RACE_INTERCEPT int name parameters                                                   \
    {                                                                                    \
        race__stream_write(stream, 1);                                                   \
        return next_##name() arguments;                                                  \
    }

GET(fgetc, (FILE * stream), stream, (stream))
GET(getc, (FILE * stream), stream, (stream))
PUT(fputc, (int c, FILE *stream), stream, (c, stream))
PUT(putc, (int c, FILE *stream), stream, (c, stream))

/* Where it optimises, a header has bodies for these two names. */
RACE_INTERCEPT int plain_getchar(void) __asm__("getchar");
RACE_INTERCEPT int plain_putchar(int c) __asm__("putchar");

int plain_getchar(void)
{
    bool reads = is_empty(stdin);
    int c = next_getchar()();
    if (reads)
        race__stream_read(stdin);
    return c;
}

int plain_putchar(int c)
{
    race__stream_write(stdout, 1);
    return next_putchar()(c);
}

/* What getc_unlocked and putc_unlocked, which are macros, call where the buffer does not do. */
GET(__uflow, (FILE * stream), stream, (stream))
PUT(__overflow, (FILE * stream, int c), stream, (stream, c))

RACE_INTERCEPT int fflush(FILE *stream)
{
    if (stream != NULL)
        race__stream_write(stream, SIZE_MAX);
    return next_fflush()(stream);
}

RACE_INTERCEPT void flockfile(FILE *stream)
{
    next_flockfile()(stream);
    race__on_acquire(stream);
}

RACE_INTERCEPT int ftrylockfile(FILE *stream)
{
    int result = next_ftrylockfile()(stream);
    if (result == 0)
        race__on_acquire(stream);
    return result;
}

RACE_INTERCEPT void funlockfile(FILE *stream)
{
    race__on_release(stream);
    next_funlockfile()(stream);
}
