/* Who lives: the list of strands and their number, the numbers of their births, and the slots that
 * they have and leave.
 *
 * Beginning and ending strands is what a program of small goroutines does most, and each changes
 * all of these.  So they have one lock, which both take once: an atomic operation is a large
 * part of what each of them costs.  It is a bit, as a line's, which a store gives back.  What they
 * change with it has a line of the cache of its own, so that they take none away that all others
 * read.
 */
#ifndef GOC_STATE_LIFE_H
#define GOC_STATE_LIFE_H

#include "base/atomic.h"
#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct goc_strand;

#define RACE_LIFE_LINE 64

extern struct race__life {
    _Alignas(RACE_LIFE_LINE) uint32_t held; // atomic: 1 while held
    uint32_t alive;          // race__life: strands in LIST, and one more for orphans
    struct goc_strand *list; // race__life: all that are not freed
} race__life;

_Static_assert(sizeof race__life == RACE_LIFE_LINE, "a line");

RACE_COLD void race__life_lock_slow(void);

static inline void race__life_lock(void)
{
    uint32_t nobody = 0;
    if (unlikely(!cas_acquire(&race__life.held, &nobody, 1)))
        race__life_lock_slow();
}

static inline void race__life_unlock(void)
{
    store_release(&race__life.held, 0u);
}

#endif
