/* The source line of a frame, with a caret under its column. */
#ifndef REPORT_EXCERPT_H
#define REPORT_EXCERPT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Prints line LINE of FILE and a caret below COLUMN (0: no caret) to OUT, the caret
 * between CARET_ON and CARET_OFF.  Prints nothing where the line cannot be read or is not
 * text. */
void excerpt_print(FILE *out, const char *file, uint32_t line, uint32_t column,
                   const char *caret_on, const char *caret_off);

#endif
