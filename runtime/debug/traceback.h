/* Goroutines and their stacks in Go's form, on stderr. */
#ifndef GOC_DEBUG_TRACEBACK_H
#define GOC_DEBUG_TRACEBACK_H

#include "debug/frames.h"
#include "sched/gmp.h"

/* Print G, the caller's (NULL for a plain thread), and FRAMES as its stack. */
void goc__traceback_running(const struct g *g, const struct frames *frames);

/* Print every goroutine but SKIP, oldest stack first.  Nobody enters the runtime any more. */
void goc__traceback_others(const struct g *skip);

/* From now on say of each goroutine that waits on what, and for how long. */
void goc__traceback_detail(void);

/* Note the addresses of what the two above will print, so that they are resolved at once. */
void goc__traceback_add(const struct g *g, const struct frames *frames);
void goc__traceback_add_others(const struct g *skip);

#endif
