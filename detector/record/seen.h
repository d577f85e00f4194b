/* Which pairs of stacks have been reported. */
#ifndef GOC_RECORD_SEEN_H
#define GOC_RECORD_SEEN_H

#include <stdbool.h>
#include <stdint.h>

/* Distinct races that one run reports; a program with more has heard enough. */
#define RACE_SEEN_MAX 16384

/* The pair of leaves, in whatever order, has not been added before, or there is no room:
 * false for it is to be reported. Thread-safe without a lock. */
bool race__seen(uint32_t leaf, uint32_t other);
/* Add it; false where another thread did so first, or RACE_SEEN_MAX have been added. */
bool race__seen_add(uint32_t leaf, uint32_t other);
uint32_t race__seen_count(void);
/* None has been, in the child of a fork: it has a log and an exit status of its own. */
void race__seen_forked(void);

#endif
