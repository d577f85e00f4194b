/* Work from other Ps, for an M whose own has none. */
#ifndef GOC_SCHED_STEAL_H
#define GOC_SCHED_STEAL_H

#include "sched/gmp.h"

/* Look for work for a while, if not enough Ms do so already.  True: M's own P, or the
 * global queue, has some now.  The M may be counted as spinning afterwards. */
bool goc__steal(struct m *m);

/* The same by one look, uncounted. */
bool goc__steal_look(struct m *m);

#endif
