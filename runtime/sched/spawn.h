/* Births beside the go statement: the beginning of a goroutine that waited without a stack
 * (newborn.h), and goroutines that the runtime starts for the program, a timer's function. */
#ifndef GOC_SCHED_SPAWN_H
#define GOC_SCHED_SPAWN_H

#include "sched/gmp.h"

struct bubble;
struct newborn;

/* N becomes a runnable goroutine on a stack of P's, the caller's; or the running one in the
 * place of HEIR, where that is not NULL.  N may be reused afterwards.  Dies where memory is
 * out. */
struct g *goc__spawn_begin(struct p *p, const struct newborn *n, struct g *heir);

/* Who asked for a goroutine, and where. */
struct spawn_origin {
    const void *pc;
    uint64_t goid;
    struct bubble *bubble; /* NULL: none */
};

/* Start ENTRY with a copy of ARGS, for a timer that fires, whoever noticed; ORIGIN is what a
 * traceback shows as its creator, and names its bubble.  event_expect_orphans came before.
 * Ordering  what was released to OBJECT goes to the new goroutine's own object: ENTRY begins
 *           with event_acquire(goc__own_event(goc__self())). */
void goc__spawn_after(const void *object, void (*entry)(void *), const void *args,
                      size_t size, const struct spawn_origin *origin);

#endif
