/* What a child of fork has nothing but a copy of: the accesses of its parent's other strands.
 *
 * The child has its parent's memory, copied, and of its strands the one that forked.  What the
 * others did they did to the parent's memory, so no access of the child's is to the same
 * object: what it overwrites is gone, and what was read is no business of its.  One thing is left:
 * the copy was taken at some moment of what they were doing.  A read in the child of what
 * another strand wrote, and nothing orders before the fork, may see half of it.
 *
 * So in the child a write is taken to come after each access that is left over, and a read only
 * after those that it knows.
 *
 * A goroutine that the child's only thread takes up again, which POSIX leaves no room for, is
 * taken for one that is left over.  So is what the handlers of other threads did.
 */
#ifndef GOC_STATE_FORKED_H
#define GOC_STATE_FORKED_H

#include "state/strand.h"

extern bool race__is_forked; // written by the child's only thread before it goes on

/* In the child: SURVIVOR is the strand that forked, or the one that its handler interrupted;
 * NULL for nobody. */
void race__forked(const goc_strand *survivor);

RACE_COLD bool race__is_left_over_slow(race__epoch epoch);

/* Is EPOCH of a strand that this process has no more?  Not where it is not known any more whose it
 * was. */
static inline bool race__is_left_over(race__epoch epoch)
{
    return unlikely(race__is_forked) && race__is_left_over_slow(epoch);
}

#endif
