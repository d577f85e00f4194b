/* memory_limit_mb: with less memory than marks take, the detector forgets marks.
 *
 * What counts is the resident memory of the process, as for TSan's key of the name.  Every
 * few thousand accesses that came the long way a thread looks; above the limit it gives
 * back cells and spares, page by page, by a hand that goes round the address space, until an
 * eighth of the limit is free again.  So what was marked longest ago on average goes first,
 * and every area loses its marks at most once a round.
 *
 * A mark that is gone cannot be one side of a race: races are missed, none is invented.
 * Order is never forgotten: sync objects, clocks and strands stay, and so do contexts.
 *
 * A page goes while all of its cells are locked and empty: then nobody has anything in
 * mind with what is in it, nor with its spares; the kernel's page of zeros is the same
 * cells, unlocked.
 */
#ifndef GOC_STATE_LIMIT_H
#define GOC_STATE_LIMIT_H

#include "base/compiler.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of memory that one access may mark between two looks at the limit. */
#define RACE_LIMIT_STEP ((size_t)1 << 20)

extern uint64_t race__limit; // const after init: bytes, 0 for none

void race__limit_init(void);
/* The calling thread has gone the long way for COUNT words.  Inside the detector, without
 * any lock. */
void race__limit_spend_slow(size_t count);

static RACE_INLINE void race__limit_spend(size_t count)
{
    if (unlikely(race__limit != 0))
        race__limit_spend_slow(count);
}

/* In the child: whoever gave back is in its parent. */
void race__limit_forked(void);

/* Bytes of the program's memory whose marks were given back. */
uint64_t race__limit_forgotten(void);

#endif
