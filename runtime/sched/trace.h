/* GOC_DEBUG=schedtrace=ms: a line about the scheduler now and then, as Go's. */
#ifndef GOC_SCHED_TRACE_H
#define GOC_SCHED_TRACE_H

#include <stdint.h>

/* For the monitor at NOW: print the line if it is time. */
void goc__trace(int64_t now);

#endif
