/* Looking for goroutines that were forgotten.
 *
 * Only goc_-prefixed names; <goc.h> includes this header.
 */
#ifndef GOC_DEBUG_H
#define GOC_DEBUG_H

#include <goc/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* For the end of a test: has every goroutine ended but the caller's and goroutine 1?
 *
 * Waits     until they have; or until none of those that are left can run any more, because all are
 *           blocked, no timer runs and no thread is in the program that could wake one; but
 *           for a second at the most.  Sleeps meanwhile, as goc_sleep does.
 * Prints    each goroutine that is left on stderr, as SIGQUIT would: what it waits on and for
 *           how long, where, and where it was created.
 * Callable  from goroutines and from plain threads.
 * Ordering  none: what has ended did so at some time before, but nothing is synchronized.
 * Returns   how many are left: 0 is what a test wants.  Never panics.
 * Source    go.uber.org/goleak, VerifyNone. */
GOC_KEEPS_FRAME int goc_verify_no_leaks(void);

#ifdef __cplusplus
}
#endif
#endif
