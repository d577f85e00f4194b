/* The detector's own invariants, checked in every build.
 *
 * A broken one ends the process: a detector that has lost its way must not go on to
 * report races that are not there.
 */
#ifndef GOC_DETECTOR_BASE_ASSERT_H
#define GOC_DETECTOR_BASE_ASSERT_H

#include "base/compiler.h"

/* Print "goc-race: FORMAT" on stderr and end with status 2. */
RACE_NORETURN RACE_COLD RACE_PRINTF(1, 2) void race__die(const char *format, ...);

#define race__assert(condition)                                                          \
    (likely(condition) ? (void)0 : race__die("%s:%d: %s", __FILE__, __LINE__, #condition))

#endif
