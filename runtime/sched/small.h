/* Small stacks: of goroutines whose need the compiler knows.
 *
 * A slot is SMALL_BYTES, without a guard; fifteen pages are a chunk of 32:
 *
 *   ┌──────┬───────────────┬─────────────────────┬──────┬───────────┬──────────┐
 *   │ mark │ the runtime's │ the program's       │ base │ arguments │ struct g │
 *   │ 16   │ 992           │ SMALL_PROGRAM_BYTES │ 64   │ 64        │ 192      │
 *   └──────┴───────────────┴─────────────────────┴──────┴───────────┴──────────┘
 *
 * Why nothing overflows.  What can be on such a stack is
 *   the goroutine's first frame, goroutine_start's and its caller's;
 *   the program's functions, whose longest chain of frames sched/reach.h adds up;
 *   below them one operation of the runtime, of those that plugin/instrument/SmallCalls.def
 *     lists, and all that it comes to: the successor's or predecessor's business at a switch
 *     included, recording for GOC_TRACE not.  tests/tidy/check_small_stacks.py adds up the longest
 *     chain in libgoc.a as it was compiled;
 *   what the runtime does seldom and needs more runs on the scheduler's stack: goc__with_room;
 *   functions of libc that need next to nothing, which are called once before the first small stack
 *     is used, lest the dynamic linker looks for them there;
 *   no signal handler (os/handlers.h).
 * The mark at the low end is looked at when a goroutine ends.
 *
 * Invariants
 *   A slot, once carved, is never unmapped; without memory its struct g reads as G_NONE.
 *   A free slot is in exactly one of: a P's free_small, its chunk's list.  A chunk of which any
 *   slot is free is in exactly one of the pool's lists.
 */
#ifndef GOC_SCHED_SMALL_H
#define GOC_SCHED_SMALL_H

#include "sched/gmp.h"

enum {
    SMALL_BYTES = 1920,
    SMALL_CHUNK_SLOTS = 32,
    SMALL_G_BYTES = 192,
    SMALL_ARGUMENT_BYTES = 64,
    SMALL_BASE_BYTES = 64,
    SMALL_RUNTIME_BYTES = 992,
    SMALL_MARK_BYTES = 16,
    SMALL_PROGRAM_BYTES = SMALL_BYTES - SMALL_G_BYTES - SMALL_ARGUMENT_BYTES -
                          SMALL_BASE_BYTES - SMALL_RUNTIME_BYTES - SMALL_MARK_BYTES,
};

/* As goc__stack_take; NULL where there is no room for more. */
struct g *goc__small_take(struct p *p);

/* As goc__stack_give, _flush, _scavenge and _each, of small ones. */
void goc__small_give(struct p *p, struct g *g);
void goc__small_flush(struct p *p);
void goc__small_scavenge(bool next_round);
void goc__small_each(void (*visit)(struct g *g, void *argument), void *argument);

/* The mark at the low end of G's stack, a small one; found without a look at G. */
static inline uint64_t *goc__small_mark(const struct g *g)
{
    return (uint64_t *)(void *)((uintptr_t)g + SMALL_G_BYTES - SMALL_BYTES);
}

/* How many goroutines are on small stacks and alive; a guess while others run. */
uint32_t goc__small_alive(void);

/* Where they are, for a debugger: slot N ends at *base + (N + 1) * bytes, with its struct g. */
struct small_map {
    char *const *base;
    const uint32_t *carved;
    uint32_t bytes;
    uint32_t g_bytes;
};

extern const struct small_map goc__small_map;

/* Call FUNCTION(ARGUMENT), which does not park, with the room of a whole stack below it: on the
 * scheduler's, where the caller's is a small one.  Every M has one by then (sched/reach.c). */
COLD void goc__with_room(void (*function)(void *), void *argument);

#endif
