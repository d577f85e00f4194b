/* The environment, without libc: getenv does not work before libc's own constructors, and
 * reads what the program may be writing. */
#ifndef GOC_DETECTOR_BASE_ENVIRONMENT_H
#define GOC_DETECTOR_BASE_ENVIRONMENT_H

#include <stddef.h>

/* NAME's value in ENVIRONMENT, which may be NULL; NULL for none. */
static inline const char *race__variable(char *const *environment, const char *name)
{
    for (; environment != NULL && *environment != NULL; environment++) {
        const char *at = *environment;
        size_t i = 0;
        while (name[i] != '\0' && at[i] == name[i])
            i++;
        if (name[i] == '\0' && at[i] == '=')
            return at + i + 1;
    }
    return NULL;
}

#endif
