/* The production detector under a trace: the same events through its front door. */
#ifndef GOC_TESTS_TRACE_SUBJECT_H
#define GOC_TESTS_TRACE_SUBJECT_H

#include "trace.h"

/* One thing it found wrong with an access. */
struct subject_conflict {
    uint16_t addr; // bytes in common with the earlier access
    uint16_t size;
    uint8_t strand; // of the earlier access
    uint16_t where; // of the earlier access
    bool write;
    bool atomic;
};

#define SUBJECT_CONFLICTS_MAX 128

struct subject_found {
    size_t count;
    bool full; // there may have been more
    struct subject_conflict conflict[SUBJECT_CONFLICTS_MAX];
};

/* T0 of TRACE is about to begin, on memory that nobody has touched; the trace's offset says
 * where.  Alone, it is the process's first strand, else one that this one made, which waits. */
void subject_begin(const struct trace *trace);
/* EVENT happens; FOUND is what the detector says of it. */
void subject_step(const struct trace_event *event, struct subject_found *found);
/* All strands end. */
void subject_end(void);

#endif
