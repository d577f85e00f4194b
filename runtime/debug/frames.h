/* The return addresses on a stack, innermost first.
 *
 * By libgcc's unwinder where the process has it at hand, which also sees through code without frame
 * pointers; else along the frame pointers, each checked against the stack's bounds, or where nobody
 * knows them, of a thread of the program's own, read by the kernel.  Neither allocates from the
 * program's heap.
 */
#ifndef GOC_DEBUG_FRAMES_H
#define GOC_DEBUG_FRAMES_H

#include "sched/gmp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAMES_MAX = 100 }; /* Go's */

struct frames {
    uint32_t count;
    bool cut;         /* there were more */
    bool interrupted; /* the first is an instruction, not a return address */
    const void *addresses[FRAMES_MAX];
};

/* Load the unwinder.  Not from a signal handler; without it the pointers are walked. */
void goc__frames_prepare(void);

/* Of the caller, on G's stack; G may be NULL where the stack's bounds are not known. */
void goc__frames_here(const struct g *g, struct frames *frames);

/* Of G, which does not run. */
void goc__frames_parked(const struct g *g, struct frames *frames);

/* The same along the frame pointers, which never leaves the stack: for one that may be woken
 * meanwhile, and then says something wrong. */
void goc__frames_walk(const struct g *g, struct frames *frames);

/* Of what a signal interrupted on G's stack; CONTEXT is the handler's third argument. */
void goc__frames_interrupted(const struct g *g, const void *context,
                             struct frames *frames);

/* The same along the frame pointers, which never leaves the stack. */
void goc__frames_pointed(const struct g *g, const void *context, struct frames *frames);

#endif
