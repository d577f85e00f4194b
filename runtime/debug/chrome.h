/* GOC_TRACE: the history of all goroutines as a file that Perfetto and Chrome show.
 *
 * Format: Google's "Trace Event Format", the JSON object form. */
#ifndef GOC_DEBUG_CHROME_H
#define GOC_DEBUG_CHROME_H

/* PATH is the value of GOC_TRACE: keep a history from now on, and write it there when the
 * process ends; NULL: neither.  "%p" in PATH stands for the process's id. */
void goc__chrome_start(const char *path);

/* Write the file, if one was asked for and is not there yet.  By one thread, at the end:
 * nothing is recorded any more. */
void goc__chrome_write(void);

#endif
