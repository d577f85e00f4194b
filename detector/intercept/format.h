/* What the formats of printf and scanf say of the arguments' memory.
 *
 * Formats with positions ("%2$s") are left alone: their arguments stand in another order
 * than the format names them, and few programs race in a translated message.
 */
#ifndef GOC_INTERCEPT_FORMAT_H
#define GOC_INTERCEPT_FORMAT_H

#include <stdarg.h>

/* Before a printf: the format and the strings of %s are read, what %n points to is
 * written.  ARGUMENTS stays where it is. */
void race__check_printf(const char *format, va_list arguments, const void *pc);

/* Before a scanf: the format is read. */
void race__check_scanf_format(const char *format, const void *pc);
/* After a scanf that has assigned COUNT of its fields: they are written.  ARGUMENTS stays
 * where it is. */
void race__check_scanf(const char *format, int count, va_list arguments, const void *pc);

#endif
