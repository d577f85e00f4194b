/* The stacks of goroutines that run on other threads, taken by those threads themselves in a
 * signal handler. */
#ifndef GOC_DEBUG_CAPTURE_H
#define GOC_DEBUG_CAPTURE_H

#include "debug/frames.h"

/* The handler of SIGQUIT is ours: captures may be asked for. */
void goc__capture_allow(void);

/* Ask every M that runs a goroutine, but the caller's, and wait a moment for the answers. */
void goc__capture_all(void);

/* What M answered, or NULL. */
const struct frames *goc__capture_of(const struct m *m);

/* For the handler of SIGQUIT: answer, if that was asked of the calling thread. */
bool goc__capture_answer(const void *context);

#endif
