/* From a conflict to a line of the race log. */
#ifndef GOC_RECORD_RECORD_H
#define GOC_RECORD_RECORD_H

#include "state/conflict.h"

/* An access, and what it conflicts with. */
struct race__access {
    uintptr_t addr;
    size_t size;
    uint64_t tag;      // kind, leaf and lock set; the bytes are those of the last word
    race__epoch epoch; // of the strand that made it
    struct race__conflicts conflicts;
};

/* Write a record for each conflict of ACCESS whose pair of stacks has not been reported.
 * No lock is held.  With halt_on_error it does not return. */
RACE_COLD void race__record(const struct race__access *access);

/* Distinct races recorded so far. */
uint32_t race__record_count(void);

#endif
