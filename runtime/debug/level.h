/* GOC_TRACEBACK: how much a dying process prints, with the meaning of Go's GOTRACEBACK. */
#ifndef GOC_DEBUG_LEVEL_H
#define GOC_DEBUG_LEVEL_H

#include <stdbool.h>

/* Each shows what the one before it shows, and more. */
enum level {
    LEVEL_NONE,   /* the message alone */
    LEVEL_SINGLE, /* the goroutine concerned; all, where the failure is nobody's own */
    LEVEL_ALL,    /* every goroutine */
    LEVEL_SYSTEM, /* the runtime's own frames too */
    /* And the process ends by SIGABRT, which leaves a core where the system keeps them. */
    LEVEL_CRASH,
};

/* Read TEXT, the value of GOC_TRACEBACK; NULL is single.  A word that is none is a warning. */
void goc__level_read(const char *text);

/* Const once goc__level_read has returned. */
enum level goc__level(void);

#endif
