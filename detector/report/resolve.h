/* From a record's numbers to what people read: every stack gets its frames, a global its
 * name.
 *
 * Frames of the machinery are left out: the detector's own at the inner end, what starts
 * threads, goroutines and main at the outer end.  A stack of nothing else is kept.
 */
#ifndef REPORT_RESOLVE_H
#define REPORT_RESOLVE_H

#include "report/model.h"
#include "report/symbolize.h"

/* Fills the frames of RACE, in ARENA. */
void resolve_race(struct race *race, struct arena *arena, struct symbolizer *symbolizer);

/* The same for ERROR's stack. */
void resolve_error(struct error *error, struct arena *arena,
                   struct symbolizer *symbolizer);

#endif
