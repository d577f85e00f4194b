/* Strands are told apart by the numbers of their births, which go up. */
#include "state/forked.h"

#include "base/atomic.h"

bool race__is_forked;

static uint32_t survives; // number of the one strand that the child has; 0 for none
static uint32_t first;    // birth of the child's own

void race__forked(const goc_strand *survivor)
{
    survives = survivor != NULL ? race__strand_number(survivor) : 0;
    first = load_relaxed(&race__birth_next);
    race__is_forked = true;
}

bool race__is_left_over_slow(race__epoch epoch)
{
    uint32_t number = race__birth_of(epoch);
    struct race__birth birth = race__birth_at(number);
    if (birth.kind == RACE_STRAND_SIGNAL && birth.parent != 0 && birth.parent == survives)
        return false; // a handler of the thread that goes on
    return number != 0 && number != survives && (int32_t)(number - first) < 0;
}
