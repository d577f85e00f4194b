/* Text without stdio: a buffer of fixed size and the few formats that reports need.
 *
 * A text that is full drops what comes after and remembers that it did.  Callable from
 * anywhere, signal handlers included; nothing is allocated.
 */
#ifndef GOC_DETECTOR_BASE_OUT_H
#define GOC_DETECTOR_BASE_OUT_H

#include "base/compiler.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct race__text {
    char *bytes;   // capacity of them, the caller's; not terminated
    size_t length; // ≤ capacity
    size_t capacity;
    bool full; // something was dropped
};

void race__text_char(struct race__text *text, char c);
void race__text_string(struct race__text *text, const char *string);
void race__text_decimal(struct race__text *text, uint64_t value);
/* As 0x… without leading zeros. */
void race__text_hex(struct race__text *text, uint64_t value);
/* STRING in double quotes with JSON's escapes. */
void race__text_json(struct race__text *text, const char *string);
/* %s %d %u %ld %lu %lx %p %% and nothing else; no widths. */
RACE_PRINTF(2, 3)
void race__text_format(struct race__text *text, const char *format, ...);
RACE_PRINTF(2, 0)
void race__text_vformat(struct race__text *text, const char *format, va_list arguments);

/* Write all SIZE bytes to FD.  0, or the negative errno that stopped it. */
int race__write_all(int fd, const char *bytes, size_t size);

/* One line "goc-race: …" on stderr. */
RACE_COLD RACE_PRINTF(1, 2) void race__warn(const char *format, ...);

#endif
