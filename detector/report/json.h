/* The report that tools read: JSON Lines, one distinct race a line.  The fields are
 * described in docs/race-record.md and keep their names. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "report/distinct.h"

#include <stdio.h>

/* Version of the lines, in their field "goc_race_report". */
enum { JSON_REPORT_VERSION = 1 };

/* One line.  Words are allocated in ARENA and given back. */
void json_race(FILE *out, struct arena *arena, const struct distinct *distinct);
void json_error(FILE *out, struct arena *arena, const struct error *error);

#endif
