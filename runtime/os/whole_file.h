/* A file that appears whole or not at all: written beside its name, then renamed.  A symbolic link
 * stays one; where it leads to nothing, an empty file comes first.  A device or a pipe is written
 * to as it comes.
 *
 * Allocates nothing; usable in a signal handler.  One at a time a struct. */
#ifndef GOC_OS_WHOLE_FILE_H
#define GOC_OS_WHOLE_FILE_H

#include <stddef.h>

enum { WHOLE_FILE_BYTES = 64 * 1024, WHOLE_FILE_PATH_BYTES = 4096 };

struct whole_file {
    char path[WHOLE_FILE_PATH_BYTES]; /* "": a device or a pipe, written to in place */
    int fd;
    int failure; /* the first one, a negative errno, or 0 */
    size_t used;
    char beside[WHOLE_FILE_PATH_BYTES];
    char buffer[WHOLE_FILE_BYTES];
};

/* Begin the file that is to be PATH.  Returns 0 or a negative errno. */
int goc__whole_file_begin(struct whole_file *file, const char *path);

/* printf into it.  What fails is kept for the end.  At most 4096 bytes a call. */
__attribute__((__format__(__printf__, 2, 3))) void
goc__whole_file_print(struct whole_file *file, const char *format, ...);

/* Give the file its name.  Returns 0, or the first failure as a negative errno; then PATH is
 * what it was before.  No signal comes of a failure. */
int goc__whole_file_end(struct whole_file *file);

#endif
