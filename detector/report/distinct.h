/* Every distinct race once, whoever saw it and however often.
 *
 * A race is an unordered pair of places in the program: which of the two accesses came
 * second, which of them wrote where both do (counter++), at which address and in which
 * process does not make it another race.  A place is its stack, as functions and lines;
 * machine addresses only where nothing better is known, because each detector's call
 * stands at another address beside the same access.
 *
 * Three rules, the first that applies:
 *   1. The stacks are those of a sighting that belongs to a known race.
 *   2. A detector could not have one of the stacks, and the other one, the process and
 * the address are those of a known race.
 *   3. The known race was seen by another detector only, in the same process at the same
 *      address, and the innermost frames stand on the same lines, as far as they have
 *      lines: detectors may disagree about columns and about the outer frames, and about
 *      what the compiler has moved between their two passes.
 * Of all sightings the one that says most is shown.
 */
#ifndef REPORT_DISTINCT_H
#define REPORT_DISTINCT_H

#include "report/model.h"
#include "report/table.h"

/* The fingerprints of the two stacks, 0 for one that is missing. */
struct stack_pair {
    uint64_t low; // the smaller
    uint64_t high;
};

struct distinct {
    const struct race *race; // the sighting that says most
    struct stack_pair pair;  // of that sighting
    unsigned seen_by;        // set of detectors
    size_t sightings;
    struct distinct *next; // in the order of first sight
};

struct distinct_set {
    struct arena *arena;
    size_t count;
    size_t sightings;
    struct distinct *first;
    struct distinct *last;
    struct table aliases; // the stack pairs of all sightings → struct distinct
};

/* Adds a sighting.  RACE has its frames and stays alive if it is kept.  KEPT is set if
 * the set refers to RACE from now on.  Returns the distinct race it belongs to; its
 * sightings are 1 where it is new. */
struct distinct *distinct_add(struct distinct_set *set, const struct race *race,
                              bool *kept);

/* The name of a distinct race: the same in every run of the same sources. */
uint64_t distinct_id(const struct distinct *distinct);

void distinct_fini(struct distinct_set *set);

/* The fingerprint of a resolved stack; 0 for one without frames. */
uint64_t stack_fingerprint(const struct stack *stack);

#endif
