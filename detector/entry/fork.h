/* Around a fork, on the thread that forks: nobody else is in the middle of a change.
 *
 * The detector's few global locks are held meanwhile.  Locks of words and lines are too
 * many for that: the child takes over one that a thread of its parent left behind
 * (base/lock.h).  Accesses between begin and end are not seen.
 */
#ifndef GOC_DETECTOR_ENTRY_FORK_H
#define GOC_DETECTOR_ENTRY_FORK_H

#include <stdbool.h>

/* Right before the fork, after all that the program does on that occasion. */
void race__fork_begin(void);
/* Right after it, in both processes. */
void race__fork_end(bool is_child);

#endif
