/* Random traces: valid ones (locks are held by one, strands live before they act), with a
 * taste of their own each, so that rare rules come up too. */
#ifndef GOC_TESTS_TRACE_GENERATE_H
#define GOC_TESTS_TRACE_GENERATE_H

#include "trace.h"

/* The trace of SEED; the same for ever. */
void generate(struct trace *trace, uint64_t seed);
/* Could TRACE have happened?  What the shrinking of a trace must not break. */
bool generate_is_valid(const struct trace *trace);

#endif
