/* Is this runtime a shared library's own?
 *
 * A host that knows nothing of goroutines then loads it, at any time and from any thread.  Its
 * threads stay the host's: none becomes goroutine 1, which would go on on other threads.
 */
#ifndef GOC_OS_LIBRARY_H
#define GOC_OS_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

extern const char goc__library[] __attribute__((__weak__));

static inline bool goc__is_library(void)
{
    return goc__library != NULL;
}

#endif
