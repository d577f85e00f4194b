/* The race log's lines, whichever detector composes them: what must stand before a line,
 * and the line.
 *
 * Each detector of the process joins at its start.  A log opens with a "start" line for
 * each, and a module is described before the first line that names it.
 */
#ifndef GOC_RECORD_JOURNAL_H
#define GOC_RECORD_JOURNAL_H

#include "base/out.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RACE_STRANDS_MAX 64 // of one record: two accesses, their memory, and all parents
#define RACE_MODULES_MAX 1024
#define RACE_LEAVES_MAX 8

/* A record being composed. */
struct race__line {
    struct race__text text;
    size_t frames_max;                  // of one stack
    bool modules[RACE_MODULES_MAX];     // named in the text
    uint32_t strands[RACE_STRANDS_MAX]; // named in the text
    uint32_t strand_count;
    uint32_t leaves[RACE_LEAVES_MAX]; // of stacks in the text, to tell functions by
    uint32_t leaf_count;
};

/* DETECTOR, a literal, writes to the log of this process; RACES says how many races it has
 * reported.  On the initial thread, before others are. */
void race__journal_join(const char *detector, uint32_t (*races)(void));
/* With log_path= open the log now: it says that the process was watched, races or not. */
void race__journal_start(void);

/* One composes at a time; the functions below and the room's other files need the lock. */
void race__journal_lock(void);
void race__journal_unlock(void);

/* Empty LINE and begin a record: {"goc_race":…,"type":TYPE,"pid":…,"detector":DETECTOR.
 * All lines share one buffer of RACE_RECORD_LINE_MAX bytes. */
void race__journal_begin(struct race__line *line, const char *type, const char *detector);
/* [MODULE,"0xOFFSET"] of the return address PC. */
void race__journal_frame(struct race__line *line, const void *pc);
/* Write the record; one that did not fit is left out. */
void race__journal_write(struct race__line *line);

/* The last lines, with the status that the process ends with; then wait until the
 * reporter, if one was started, has written all.  Takes the lock.  Only the first call in
 * a process does anything. */
void race__journal_end(int status);

#endif
