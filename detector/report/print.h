/* The parts of which reports for people are made. */
#ifndef REPORT_PRINT_H
#define REPORT_PRINT_H

#include "report/text.h"

enum paint { PAINT_WARNING, PAINT_HEADING, PAINT_CARET, PAINT_CURE };

/* What turns a colour on and off; nothing where TEXT has none. */
const char *paint_on(const struct text *text, enum paint paint);
const char *paint_off(const struct text *text);

/* "file:line:column", as much of it as is known; else where the code is. */
void print_place(const struct text *text, const struct frame *frame);
/* All frames; below the first one its source, if EXCERPT. */
void print_stack(const struct text *text, const struct stack *stack, bool excerpt);
/* "SUBJECT is global 'x' …": what MEMORY, of which ADDR is meant, is; nothing where
 * nobody knows. */
void print_memory(const struct text *text, const struct cast *cast, const char *subject,
                  const struct memory *memory, uint64_t addr);
/* Who made the STRANDS, and their makers, each once. */
void print_creations(const struct text *text, const struct cast *cast,
                     const uint64_t *strands, size_t strand_count);

#endif
