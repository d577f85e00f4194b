/* Where lines of the race log go: a file, or a reporter of our own.
 *
 * With log_path= a file of that name and the process's number, appended to.  Otherwise
 * `goc-race report --stream` is started with the first line and reads the rest from a
 * socket; GOC_RACE_REPORTER names another program, and where none can be started the lines
 * go to stderr as they are, after one that says so.
 *
 * A process that was forked writes its own log.  Guard: the record room's lock.
 */
#ifndef GOC_RECORD_LOG_H
#define GOC_RECORD_LOG_H

#include <stdbool.h>
#include <stddef.h>

/* Is a log open in this process?  One that is not is opened by the first line. */
bool race__log_is_open(void);
/* Append the SIZE bytes of a line, newline included. */
void race__log_write(const char *line, size_t size);
/* No more lines: wait until the reporter has written all it has to say. */
void race__log_close(void);

#endif
