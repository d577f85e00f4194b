/* Which access of a report held which mutex.
 *
 * TSan's interface for reports lists the mutexes but not who held them; only its text
 * does: "(mutexes: write M0, read M1)".  So the text is made, into nothing, and listened to.
 *
 * Used under TSan's report lock only.
 */
#ifndef GOC_TSAN_LOCKS_HELD_H
#define GOC_TSAN_LOCKS_HELD_H

#include <stdbool.h>
#include <stdint.h>

/* Has TSan print REPORT and notes what it says of mutexes. */
void race__tsan_locks_read(const void *report);

/* False where TSan printed nothing: nobody knows. */
bool race__tsan_locks_known(void);

/* Did access INDEX (0 or 1) hold mutex ID, and how? */
bool race__tsan_locks_has(int index, uint64_t id, bool *exclusive);

#endif
