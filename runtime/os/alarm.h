/* A descriptor that becomes readable at a time: what an event loop can wait for. */
#ifndef GOC_OS_ALARM_H
#define GOC_OS_ALARM_H

#include <stdint.h>

/* One that never does yet, closed on exec; a negative errno. */
int goc__alarm_open(void);

/* FD is readable from TIME on, on goc__clock_now()'s clock, and not before; INT64_MAX is never,
 * 0 is now. */
void goc__alarm_set(int fd, int64_t time);

#endif
