/* The bridge's start and end. */
#ifndef GOC_TSAN_START_H
#define GOC_TSAN_START_H

/* After TSan's own start, before any constructor. */
void race__tsan_start(void);

/* STATUS, or exitcode= where TSan has reported a race. */
int race__tsan_status(int status);

#endif
