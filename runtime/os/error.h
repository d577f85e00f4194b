/* The numbers of the system's errors, for rooms that return them negated.
 *
 * Only the numbers: the variable that comes with them belongs to a thread, and a goroutine
 * that parks may go on on another one. */
#ifndef GOC_OS_ERROR_H
#define GOC_OS_ERROR_H

#include <errno.h>

#endif
