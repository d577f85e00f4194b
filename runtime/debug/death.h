/* The last thing a process prints. */
#ifndef GOC_DEBUG_DEATH_H
#define GOC_DEBUG_DEATH_H

#include "debug/frames.h"
#include "sched/gmp.h"

#include <stdbool.h>

/* Print G's stack FRAMES first (no stack when FRAMES is NULL; G may be NULL for a plain
 * thread), then, if OTHERS, all other goroutines.  By the thread that won goc__die_first. */
void goc__death_print(const struct g *g, const struct frames *frames, bool others);

#endif
