/* The reporter: a process of its own that turns records into what people read.
 *
 * It is started without fork handlers, without the program's signals and in such a way
 * that no wait() of the program ever sees it.
 */
#ifndef GOC_RECORD_REPORTER_H
#define GOC_RECORD_REPORTER_H

/* Start `goc-race report --stream`.  A socket whose other end is its standard input, or
 * a negative errno. */
int race__reporter_start(void);
/* End its input and wait for its end. */
void race__reporter_finish(int fd);

#endif
