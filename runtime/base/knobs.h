/* What GOC_DEBUG sets: "key=value,key=value", read once at start. */
#ifndef GOC_BASE_KNOBS_H
#define GOC_BASE_KNOBS_H

#include <stdint.h>

struct knobs {
#define KNOB(name, initial, least, most, text) int64_t name;
#include "knobs.def"
};

/* The most that each may be, KNOB_MOST_<name>. */
enum {
#define KNOB(name, initial, least, most, text) KNOB_MOST_##name = (most),
#include "knobs.def"
};

/* Const once goc__knobs_read has returned. */
extern struct knobs goc__knobs;

/* Read TEXT, the value of GOC_DEBUG; NULL leaves the defaults.  An unknown key and a
 * value out of range are warnings on stderr; help=1 prints the table. */
void goc__knobs_read(const char *text);

/* A whole number at TEXT, with K, M or G after it, into *VALUE; it ends where the text or
 * the item does (at a comma).  Returns 0, or -1 for anything else. */
int goc__knobs_number(const char *text, int64_t *value);

#endif
