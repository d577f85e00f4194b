/* The beginning of a goroutine that waited without a stack (newborn.h). */
#ifndef GOC_SCHED_SPAWN_H
#define GOC_SCHED_SPAWN_H

#include "sched/gmp.h"

struct newborn;

/* N becomes a runnable goroutine on a stack of P's, the caller's; or the running one in the
 * place of HEIR, where that is not NULL.  N may be reused afterwards.  Dies where memory is
 * out. */
struct g *goc__spawn_begin(struct p *p, const struct newborn *n, struct g *heir);

#endif
