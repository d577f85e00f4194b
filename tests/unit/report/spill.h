/* A stream into a temporary file, and what was written there. */
#ifndef TESTS_UNIT_REPORT_SPILL_H
#define TESTS_UNIT_REPORT_SPILL_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SPILL_SIZE = 1 << 16 };

/* What has been written to FILE so far; the text is good until the next call. */
static inline const char *spill_text(FILE *file)
{
    static char text[SPILL_SIZE];
    fflush(file);
    const ssize_t size = pread(fileno(file), text, sizeof text - 1, 0);
    text[size > 0 ? size : 0] = '\0';
    return text;
}

/* A file that holds the SIZE bytes at BYTES, at its beginning. */
static inline FILE *spill_of(const void *bytes, size_t size)
{
    FILE *file = tmpfile();
    if (file != NULL) {
        (void)fwrite(bytes, 1, size, file);
        rewind(file);
    }
    return file;
}

#endif
