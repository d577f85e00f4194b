/* A stream into a temporary file, and what was written there. */
#ifndef TESTS_UNIT_REPORT_SPILL_H
#define TESTS_UNIT_REPORT_SPILL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SPILL_SIZE = 1 << 16 };

/* What has been written to FILE so far; the text is good until the next call. */
static inline const char *spill_text(FILE *file)
{
    static char text[SPILL_SIZE];
    if (file == NULL)
        abort();
    fflush(file);
    const ssize_t size = pread(fileno(file), text, sizeof text - 1, 0);
    text[size > 0 ? size : 0] = '\0';
    return text;
}

/* A file that holds the SIZE bytes at BYTES, at its beginning. */
static inline FILE *spill_of(const void *bytes, size_t size)
{
    FILE *file = tmpfile();
    if (file == NULL || (size > 0 && fwrite(bytes, 1, size, file) != size) ||
        fseek(file, 0, SEEK_SET) != 0)
        abort();
    return file;
}

/* From now on stderr goes to FILE; returns where it went, for spill_stderr_back. */
static inline int spill_stderr(FILE *file)
{
    const int before = dup(STDERR_FILENO);
    if (before < 0 || dup2(fileno(file), STDERR_FILENO) < 0)
        abort();
    return before;
}

static inline void spill_stderr_back(int before)
{
    if (dup2(before, STDERR_FILENO) < 0)
        abort();
    close(before);
}

#endif
