/* The report that people read. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/distinct.h"

#include <stdio.h>

struct text {
    FILE *out;
    struct arena *arena; // for words; rewound after each race
    bool colour;
    const char *cwd; // files below it are printed relative to it; NULL: none
};

/* A report to OUT; colours if that is a terminal and NO_COLOR is not set. */
void text_init(struct text *text, struct arena *arena, FILE *out);

void text_race(struct text *text, const struct distinct *distinct);
void text_error(struct text *text, const struct error *error);

/* The last lines, after RACES races and ERRORS other errors of the program's. */
void text_summary(struct text *text, size_t races, size_t errors);

#endif
