#include "report/lines.h"

#include "report/arena.h"

#include <errno.h>
#include <goc/race_record.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Room for one whole line and its newline. */
enum { BUFFER_SIZE = RACE_RECORD_LINE_MAX + 1 };

void lines_init(struct lines *lines, int fd)
{
    *lines = (struct lines){.fd = fd, .buffer = grow(NULL, BUFFER_SIZE, 1)};
}

void lines_fini(struct lines *lines)
{
    free(lines->buffer);
    lines->buffer = NULL;
}

/* Reads more behind END.  Returns the bytes read, 0 at the end of the file or the
 * negative errno; the caller has made room. */
static ssize_t fill(struct lines *lines)
{
    for (;;) {
        const ssize_t got =
            read(lines->fd, lines->buffer + lines->end, BUFFER_SIZE - lines->end);
        if (got >= 0) {
            lines->end += (size_t)got;
            return got;
        }
        if (errno != EINTR)
            return -errno;
    }
}

static void make_room(struct lines *lines)
{
    memmove(lines->buffer, lines->buffer + lines->begin, lines->end - lines->begin);
    lines->end -= lines->begin;
    lines->begin = 0;
}

enum line_kind lines_next(struct lines *lines, const char **text, size_t *length)
{
    bool too_long = false;
    size_t searched = 0;
    for (;;) {
        char *from = lines->buffer + lines->begin;
        char *newline =
            memchr(from + searched, '\n', lines->end - lines->begin - searched);
        if (newline) {
            *newline = '\0';
            *text = from;
            *length = (size_t)(newline - from);
            lines->begin += *length + 1;
            lines->number++;
            return too_long ? LINE_TOO_LONG : LINE_WHOLE;
        }
        if (lines->end == BUFFER_SIZE)
            make_room(lines);
        if (lines->end == BUFFER_SIZE) { // a buffer full and still no newline
            too_long = true;
            lines->end = 0;
        }
        searched = lines->end - lines->begin;
        const ssize_t got = fill(lines);
        if (got > 0)
            continue;
        if (got < 0) {
            lines->error = (int)got;
            return LINE_ERROR;
        }
        if (searched == 0 && !too_long)
            return LINE_END;
        *text = lines->buffer + lines->begin;
        *length = searched;
        lines->buffer[lines->end] = '\0'; // fill had room left
        lines->begin = lines->end = 0;
        lines->number++;
        return too_long ? LINE_TOO_LONG : LINE_TRUNCATED;
    }
}
