/* What the halves of the library that compilers may put in place of calls have in common
 * (goc/sync_inline.h, goc/select_inline.h).  Nothing here is for programs to name. */
#ifndef GOC_INLINE_H
#define GOC_INLINE_H

#include <stdbool.h>

extern const bool goc__events; /* in libgoc.a false, in libgoc-race.a true */

/* X as a T, in either language's words: a program's own warnings reach into these files.  As a
 * pointer to a T by way of one to nothing, which asks nothing about alignment. */
#ifdef __cplusplus
#define GOC__AS(T, x) static_cast<T>(x)
#define GOC__POINTER(T, x) static_cast<T *>(static_cast<void *>(x))
#else
#define GOC__AS(T, x) ((T)(x))
#define GOC__POINTER(T, x) ((T *)(void *)(x))
#endif

#endif
