/* Goroutines and their stacks in Go's form, on stderr. */
#ifndef GOC_DEBUG_TRACEBACK_H
#define GOC_DEBUG_TRACEBACK_H

#include "debug/frames.h"
#include "sched/gmp.h"

#include <stdbool.h>

/* Print G, the caller's (NULL for a plain thread), and FRAMES as its stack. */
void goc__traceback_running(const struct g *g, const struct frames *frames);

/* Print every goroutine but SKIP, oldest stack first.  Nobody enters the runtime any more. */
void goc__traceback_others(const struct g *skip);

/* From now on say of each goroutine that waits on what, and for how long. */
void goc__traceback_detail(void);

/* While the process goes on, print every goroutine that WANTED is true of, with what it waits
 * on.  One thread at a time does so, and a dying one waits a moment for it. */
void goc__traceback_some(bool (*wanted)(const struct g *g, const void *argument),
                         const void *argument);

/* Before what a dying process prints: wait until nobody is in goc__traceback_some, for a second
 * at the most. */
void goc__traceback_take(void);

/* Note the addresses of what the two above will print, so that they are resolved at once. */
void goc__traceback_add(const struct g *g, const struct frames *frames);
void goc__traceback_add_others(const struct g *skip);

#endif
