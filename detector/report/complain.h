/* What goc-race has to say about its own input: one line a fault, on stderr.
 *
 *   goc-race: race.log:12: "size" of the first access is missing
 *
 * A log of the wrong kind would bring one line for each of its own, so after
 * COMPLAINTS_PER_FILE the rest of that file is only counted and the count said at its
 * end.
 */
#ifndef REPORT_COMPLAIN_H
#define REPORT_COMPLAIN_H

#include <stddef.h>

enum { COMPLAINTS_PER_FILE = 10 };

/* The faults of one input. */
struct complaints {
    const char *file;
    size_t count;
};

/* goc-race: MESSAGE */
__attribute__((__format__(__printf__, 1, 2))) void complain(const char *format, ...);

/* goc-race: FILE:LINE: MESSAGE */
__attribute__((__format__(__printf__, 3, 4))) void
complain_at(struct complaints *complaints, size_t line, const char *format, ...);

/* The end of the file: says how many faults were not printed. */
void complaints_end(const struct complaints *complaints);

#endif
