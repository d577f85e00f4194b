/* The production detector held against the specification, event by event. */
#ifndef GOC_TESTS_TRACE_COMPARE_H
#define GOC_TESTS_TRACE_COMPARE_H

#include "trace.h"

/* What TRACE showed. */
struct compare_result {
    bool differs;
    size_t event;     // where
    const char *what; // and how
    unsigned races;   // accesses that race
};

/* Run TRACE through both.  They agree where for each access
 *   - the bytes that race are the same,
 *   - each earlier access that no later one speaks for (oracle_must_name) is blamed, and
 *   - each earlier access that the detector blames is one that the specification blames:
 *     same strand, same place, same kind, same byte.
 * RACE, unless NULL, is called with each pair of places that the detector reports. */
struct compare_result compare(const struct trace *trace,
                              void (*race)(uint16_t where, uint16_t prior));
/* TRACE, which differs, with as few events as it needs to. */
void compare_shrink(struct trace *trace);

#endif
