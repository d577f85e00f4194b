/* GOC_RACE: what the user sets.  Read once at start; constant afterwards. */
#ifndef GOC_DETECTOR_BASE_FLAGS_H
#define GOC_DETECTOR_BASE_FLAGS_H

#define RACE_FLAG_TEXT_MAX 4096 // PATH_MAX of Linux

struct race__flags {
#define RACE_FLAG_NUMBER(name, fallback, help) int name;
#define RACE_FLAG_TEXT(name, fallback, help) char name[RACE_FLAG_TEXT_MAX];
#include "base/flags.def"
#undef RACE_FLAG_NUMBER
#undef RACE_FLAG_TEXT
};

extern struct race__flags race__flags; // const after race__flags_read

/* Set every flag to its default and then to what SETTING says (NULL: nothing).  A key
 * that is unknown, or a number that is none, is a warning. */
void race__flags_read(const char *setting);

#endif
