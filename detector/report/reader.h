/* Race logs in, records out, each checked.
 *
 * A faulty line is one complaint with file and line, and the next line is read: what a
 * crashed or half-written log still says is worth having.  Whatever is wrong is counted
 * in FAULTS, for the exit status.
 */
#ifndef REPORT_READER_H
#define REPORT_READER_H

#include "report/complain.h"
#include "report/decode.h"
#include "report/lines.h"

#include <stdbool.h>

struct reader {
    struct arena *arena;
    struct processes *processes;
    struct fields fields;
    struct lines lines;
    struct complaints complaints;
    bool newer_said; // a newer version is said once a file
};

/* Records of FD, called NAME in complaints, into ARENA. */
void reader_init(struct reader *reader, struct arena *arena, struct processes *processes,
                 int fd, const char *name);

/* The next record, skipping faulty lines.  False at the end. */
bool reader_next(struct reader *reader, struct record *record);

/* Ends the reading.  Returns how many faults the input had. */
size_t reader_fini(struct reader *reader);

/* Opens the log PATH ("-": standard input).  Returns the descriptor, or the negative
 * errno after a complaint; a directory is -EISDIR. */
int reader_open(const char *path);

#endif
