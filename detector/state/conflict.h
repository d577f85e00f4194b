/* What check finds and record writes down. */
#ifndef GOC_STATE_CONFLICT_H
#define GOC_STATE_CONFLICT_H

#include "state/shadow.h"

struct race__conflict {
    struct race__mark prior; // the earlier access, as it was left
    uintptr_t word;          // address of the word
    uint32_t rule;           // which rule of check/rules.h; 0: there is no conflict
    bool after_free;         // the block was gone before, and known to be
};

/* Of one access; more are not kept.  All are there to be seen again by the next access of
 * the word: nothing is dropped for having raced. */
#define RACE_CONFLICTS_MAX 32

struct race__conflicts {
    uintptr_t word; // the caller's: address of the word it asks about
    uint32_t count;
    struct race__conflict conflict[RACE_CONFLICTS_MAX]; // COUNT of them are set
};

#endif
