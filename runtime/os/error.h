/* The numbers of the system's errors, for rooms that return them negated, and what they mean.
 *
 * Only that: the variable that comes with them belongs to a thread, and a goroutine
 * that parks may go on on another one. */
#ifndef GOC_OS_ERROR_H
#define GOC_OS_ERROR_H

#include <errno.h>
#include <string.h>

/* What ERROR, a positive number, is in words; usable in a signal handler. */
static inline const char *goc__error_text(int error)
{
    const char *text = strerrordesc_np(error);
    return text != NULL ? text : "unknown";
}

/* What to do about ERROR, which kept a thread from starting. */
static inline const char *goc__error_no_thread(int error)
{
    return error == EAGAIN ? "; may need to increase max user processes (ulimit -u)" : "";
}

#endif
