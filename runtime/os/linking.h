/* Calls of libc, and what the dynamic linker makes of them. */
#ifndef GOC_OS_LINKING_H
#define GOC_OS_LINKING_H

#include <stdbool.h>

/* The linker looks for a function at its first call, on the caller's stack, of which that takes
 * some KiB.  Let it have found those that the compiler calls of its own accord, and those that the
 * runtime calls where there is little stack.
 *
 * Returns  whether they are libc's own, which take next to none: nothing that was loaded stands in
 *          their place, watches calls, or counts them.  False in a program that is linked
 *          statically, where nobody can tell. */
bool goc__linking_is_plain(void);

#endif
