/* <stdio.h>'s functions on whole buffers and lines.  The FILE itself has a lock of its own. */
#include "intercept/libc.h"
#include "intercept/streams.h"

RACE_EXPORT size_t goc_race_libc_fread(void *to, size_t size, size_t count, FILE *stream)
{
    WITHIN(RACE_CALLER_PC(), size_t read = fread(to, size, count, stream));
    race__stream_read(stream);
    race__write(to, read * size, RACE_CALLER_PC());
    return read;
}

RACE_EXPORT size_t goc_race_libc_fwrite(const void *from, size_t size, size_t count,
                                        FILE *stream)
{
    race__read(from, size * count, RACE_CALLER_PC());
    race__stream_write(stream, size * count);
    WITHIN(RACE_CALLER_PC(), size_t written = fwrite(from, size, count, stream));
    return written;
}

RACE_EXPORT char *goc_race_libc_fgets(char *to, int size, FILE *stream)
{
    WITHIN(RACE_CALLER_PC(), char *line = fgets(to, size, stream));
    race__stream_read(stream);
    if (line != NULL)
        race__write(line, strlen(line) + 1, RACE_CALLER_PC());
    return line;
}

RACE_EXPORT int goc_race_libc_fputs(const char *s, FILE *stream)
{
    reads_string(s, RACE_CALLER_PC());
    race__stream_write(stream, strlen(s));
    WITHIN(RACE_CALLER_PC(), int result = fputs(s, stream));
    return result;
}

RACE_EXPORT int goc_race_libc_puts(const char *s)
{
    reads_string(s, RACE_CALLER_PC());
    race__stream_write(stdout, strlen(s) + 1);
    WITHIN(RACE_CALLER_PC(), int result = puts(s));
    return result;
}

RACE_EXPORT void goc_race_libc_perror(const char *s)
{
    if (s != NULL)
        reads_string(s, RACE_CALLER_PC());
    perror(s);
}

/* A line was read into *LINE, which libc may have made anew. */
static void line_read(char **line, size_t *size, ssize_t length, const void *pc)
{
    race__write(line, sizeof *line, pc);
    race__write(size, sizeof *size, pc);
    if (length >= 0)
        race__write(*line, (size_t)length + 1, pc);
}

RACE_EXPORT ssize_t goc_race_libc_getline(char **line, size_t *size, FILE *stream)
{
    WITHIN(RACE_CALLER_PC(), ssize_t length = getline(line, size, stream));
    race__stream_read(stream);
    line_read(line, size, length, RACE_CALLER_PC());
    return length;
}

RACE_EXPORT ssize_t goc_race_libc_getdelim(char **line, size_t *size, int end,
                                           FILE *stream)
{
    WITHIN(RACE_CALLER_PC(), ssize_t length = getdelim(line, size, end, stream));
    race__stream_read(stream);
    line_read(line, size, length, RACE_CALLER_PC());
    return length;
}

/* What glibc's header makes of getline where it optimises. */
RACE_EXPORT ssize_t goc_race_libc___getdelim(char **line, size_t *size, int end,
                                             FILE *stream)
{
    WITHIN(RACE_CALLER_PC(), ssize_t length = getdelim(line, size, end, stream));
    race__stream_read(stream);
    line_read(line, size, length, RACE_CALLER_PC());
    return length;
}
