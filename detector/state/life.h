/* Who lives: the list of strands and their number, the numbers of their births, and the slots that
 * they have and leave.
 *
 * Beginning and ending strands is what a program of small goroutines does most, and each changes
 * all of these.  So they have one lock, which both take once: an atomic operation is a large
 * part of what each of them costs.  It is a bit, as a line's, which a store gives back.
 */
#ifndef GOC_STATE_LIFE_H
#define GOC_STATE_LIFE_H

#include "base/atomic.h"
#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>

extern uint32_t race__life; // atomic: 1 while held

RACE_COLD void race__life_lock_slow(void);

static inline void race__life_lock(void)
{
    uint32_t nobody = 0;
    if (unlikely(!cas_acquire(&race__life, &nobody, 1)))
        race__life_lock_slow();
}

static inline void race__life_unlock(void)
{
    store_release(&race__life, 0u);
}

#endif
