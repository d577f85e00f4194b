/* Flat clocks: an array of the latest moments of all slots, from slot 0 on.
 *
 * Where strands meet again and again, in a chain, or at locks that all of them take, each join has
 * news of most that is known.  A trie then has most of its leaves changed on both sides; each costs
 * counts, copies and visits of memory, where an array is one loop without a branch.  And two
 * strands that meet raise both their arrays in one pass, in place: nothing is allocated, nothing
 * shared.
 *
 * A clock becomes flat when a join of tries shows that it is of that kind (state/clock.c), and what
 * is joined with a flat one is flat.  It becomes a trie again where a slot is too high for an
 * array, or where flat clocks have taken as much memory as they may: strands and locks that hand
 * clocks on by the thousand share most of a trie, but nothing of two arrays.
 *
 * A flat clock is changed in place only where one owner has it, as a node of a trie.
 */
#ifndef GOC_STATE_FLAT_H
#define GOC_STATE_FLAT_H

#include "base/atomic.h"
#include "state/clock.h"

/* What flat clocks may take in all; const but for tests. */
extern size_t race__flat_bytes_max;
/* They would have taken more, so no trie becomes flat any more.  Atomic. */
extern bool race__flats_too_many;

/* Has nobody but the caller FLAT?  The acquire pairs with the drop of whoever had it. */
static inline bool race__flat_is_own(const race__clock *flat)
{
    return load_acquire(&flat->refs) == 1;
}

/* *CLOCK, which is flat, used up and replaced, with EPOCH known too.  False, and nothing has
 * changed, where no flat clock can be had; so below. */
bool race__flat_raise(race__clock **clock, race__epoch epoch) RACE_CHECK_RESULT;
/* The same with COUNT EPOCHS. */
bool race__flat_raise_all(race__clock **clock, const race__epoch *epochs,
                          uint32_t count) RACE_CHECK_RESULT;
/* *CLOCK with all that FROM knows; one of them is flat. */
bool race__flat_join(race__clock **clock, const race__clock *from) RACE_CHECK_RESULT;
/* *A and *B, both flat, with what the other knows, and with both epochs. */
bool race__flat_meet(race__clock **a, race__epoch epoch_a, race__clock **b,
                     race__epoch epoch_b) RACE_CHECK_RESULT;
/* Does FLAT know all that FROM does, which is flat too, of slots other than those of A and B? */
bool race__flat_knows(const race__clock *flat, const race__clock *from, race__epoch a,
                      race__epoch b) RACE_CHECK_RESULT;
/* FLAT, which is the caller's alone, knows no more of SLOT than CLOCK. */
void race__flat_lower(race__clock *flat, uint32_t slot, uint32_t clock);
/* *CLOCK, a trie, becomes flat, if that can be and takes no more than SLOTS slots. */
void race__flat_freeze(race__clock **clock, uint32_t slots);
/* FLAT, which is used up, as a trie; its nodes have no stamps. */
race__clock *race__flat_thaw(race__clock *flat) RACE_CHECK_RESULT;
/* Nobody has FLAT any more. */
void race__flat_free(race__clock *flat);
/* How many slots FLAT knows. */
uint32_t race__flat_count(const race__clock *flat);

#endif
