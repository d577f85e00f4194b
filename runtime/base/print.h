/* Lines on stderr without stdio: usable from a signal handler and with any lock held. */
#ifndef GOC_BASE_PRINT_H
#define GOC_BASE_PRINT_H

#include <stdarg.h>

/* Longer output of one call is cut. */
enum { PRINT_BYTES_MAX = 4096 };

__attribute__((__format__(__printf__, 1, 2))) void goc__print(const char *format, ...);
__attribute__((__format__(__printf__, 1, 0))) void goc__vprint(const char *format,
                                                               va_list arguments);

#endif
