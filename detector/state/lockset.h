/* Sets of locks held, for reports only: verdicts come from order.
 *
 * A set is a number: the lock taken last, over the number of the set without it.  The
 * same locks taken in the same order at the same places are the same number, so a mark
 * carries a whole set, with where each lock was taken, in 24 bits.  A program that takes
 * more different sets than that loses the names of the locks, and nothing else.
 *
 * Thread-safe without locks: an entry is constant once it is linked.
 */
#ifndef GOC_STATE_LOCKSET_H
#define GOC_STATE_LOCKSET_H

#include "state/shadow.h"

#include <stdbool.h>
#include <stdint.h>

#define RACE_LOCKSET_NONE 0u
#define RACE_LOCKSET_LOST ((1u << RACE_TAG_LOCKSET_BITS) - 1) // some locks, unknown which

struct race__held {
    const void *addr; // const, as all fields
    const char *kind; // a literal, such as "goc_mutex"
    uint32_t leaf;    // where it was taken
    uint32_t below;   // the set without it
    uint32_t next;    // in its bucket
    bool exclusive;
};

void race__lockset_init(void);
/* SET with one lock more, which the caller has just taken at LEAF. */
uint32_t race__lockset_add(uint32_t set, const void *addr, bool exclusive,
                           const char *kind, uint32_t leaf);
/* The same, which is likely to be BEFORE: a set that there is, or 0. */
uint32_t race__lockset_add_again(uint32_t before, uint32_t set, const void *addr,
                                 bool exclusive, const char *kind, uint32_t leaf);
/* SET without the lock at ADDR that was added last; SET itself where it has none. */
uint32_t race__lockset_remove(uint32_t set, const void *addr);
/* The lock of SET that was added last; SET is neither NONE nor LOST. */
const struct race__held *race__lockset_top(uint32_t set);

#endif
