/* Lines of a log, with a bound on each: a file that is no log costs no memory.
 *
 * A line ends with a newline.  Bytes after the last newline are a record that its writer
 * did not finish, because it was killed or is still writing.
 */
#ifndef REPORT_LINES_H
#define REPORT_LINES_H

#include <stddef.h>

enum line_kind {
    LINE_END,       // no more
    LINE_WHOLE,     // text and length are set
    LINE_TRUNCATED, // the last one, without its newline
    LINE_TOO_LONG,  // more than RACE_RECORD_LINE_MAX bytes, skipped
    LINE_ERROR,     // read(2) failed: error is set; nothing follows
};

struct lines {
    int fd;
    int error;     // negative errno
    size_t number; // of the line last given, from 1
    char *buffer;
    size_t begin; // bytes not given out yet: [begin, end)
    size_t end;
};

/* Lines of FD, which the caller keeps and closes. */
void lines_init(struct lines *lines, int fd);
void lines_fini(struct lines *lines);

/* The next line, without its newline and with a 0 behind it; TEXT is good until the next
 * call.  Blocks while FD does. */
enum line_kind lines_next(struct lines *lines, const char **text, size_t *length);

#endif
