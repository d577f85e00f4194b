/* The detector's start and its end. */
#ifndef GOC_DETECTOR_ENTRY_BOOT_H
#define GOC_DETECTOR_ENTRY_BOOT_H

#include <stdbool.h>

/* Everything is ready, and the calling thread runs the process's first strand.  The first
 * call does it; others do nothing.  Runs before any constructor of an instrumented object,
 * on the process's initial thread. */
void race__boot(void);
/* Has it run?  Interceptors that run before any constructor ask. */
bool race__is_up(void);

#endif
