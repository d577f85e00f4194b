/* Stacks, and the struct g at the top of each.  Small ones are small.h's, and come in here where
 * a stack is given back, or all are meant.
 *
 * A slot, low addresses first; slots lie next to each other in arenas reserved at once:
 *
 *   ┌──────────────┬──────────────────────────────┬──────────┬──────────────┐
 *   │ guard 64 KiB │ stack, GOC_DEBUG=stack bytes │ struct g │ colour       │
 *   └──────────────┴──────────────────────────────┴──────────┴──────────────┘
 *
 * The kernel commits a slot page by page, so a goroutine that uses little costs one page,
 * which holds its struct g, its arguments and its first frames.
 *
 * Colour.  Equal offsets in all slots would put every goroutine's hot lines into the same few
 * sets of the cache.  Slots are one page longer than they need be, which moves each by a page
 * against its neighbour (the sets of the second level), and the struct g keeps
 * 0 to 3 times 512 bytes away from the slot's end (the sets of the first).
 *
 * Invariants
 *   A slot, once carved, is never unmapped: a struct g may be read at any time; one whose
 *   memory was given back reads as zeroes, which is G_NONE.
 *   A free slot is in exactly one of: those of a P, the pool's warm or cooling shelf, the
 *   arena's cold numbers.  Cold ones have no memory.
 */
#ifndef GOC_SCHED_STACK_H
#define GOC_SCHED_STACK_H

#include "sched/gmp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the struct g of all slots are, for a debugger: slot N of an arena ends at
 * base + (N + 1) * slot_bytes, and its struct g lies g_bytes and (N % colours) * colour_bytes
 * before that. */
struct stack_map {
    const void *arenas;
    const uint32_t *arena_count;
    const size_t *slot_bytes;
    uint32_t arena_bytes;
    uint32_t base_offset;
    uint32_t carved_offset;
    uint32_t colours;
    uint32_t colour_bytes;
    uint32_t g_bytes;
};

extern const struct stack_map goc__stack_map;

/* A struct g with a stack, for the owner of P.  Its stack_low, stack_high and kind are set, the
 * rest is what the last user left or zero.  Dies where memory is out. */
struct g *goc__stack_take(struct p *p);

/* Give G, which is G_DEAD and off its stack, back to P's free list. */
void goc__stack_give(struct p *p, struct g *g);

/* Move all of P's free list to the pool. */
void goc__stack_flush(struct p *p);

/* For the monitor, now and then: give the memory of some pooled stacks back that nobody took for
 * a whole round.  NEXT_ROUND: what rests in the pool now is old enough from the next call on. */
void goc__stack_scavenge(bool next_round);

/* Call VISIT for every slot's struct g, alive or not, the small ones' first, else oldest slot
 * first. */
void goc__stack_each(void (*visit)(struct g *g, void *argument), void *argument);

/* Is ADDRESS in the guard of G's stack? */
bool goc__stack_guards(const struct g *g, const void *address);

/* Bytes between G's stack_low and stack_high as GOC_DEBUG=stack gave them. */
size_t goc__stack_bytes(void);

/* A stack without a struct g, for the scheduler of the first M: its top. */
char *goc__stack_bare(void);

void goc__stack_start(void);

#endif
