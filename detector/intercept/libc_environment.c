/* <stdlib.h>'s environment: one object, which setenv and its kind write and getenv reads.
 * POSIX lets them race with one another, and glibc's getenv does read what setenv frees.
 *
 * The object is the variable environ, so that a report names it, and so that a program
 * that assigns it is seen as well.
 */
#include "intercept/libc.h"

#include <unistd.h>

static void reads_environment(const void *pc)
{
    race__read((const void *)&environ, sizeof environ, pc);
}

static void writes_environment(const void *pc)
{
    race__write((const void *)&environ, sizeof environ, pc);
}

RACE_EXPORT char *goc_race_libc_getenv(const char *name)
{
    reads_environment(RACE_CALLER_PC());
    reads_string(name, RACE_CALLER_PC());
    return getenv(name);
}

RACE_EXPORT char *goc_race_libc_secure_getenv(const char *name)
{
    reads_environment(RACE_CALLER_PC());
    reads_string(name, RACE_CALLER_PC());
    return secure_getenv(name);
}

RACE_EXPORT int goc_race_libc_setenv(const char *name, const char *value, int replace)
{
    writes_environment(RACE_CALLER_PC());
    reads_string(name, RACE_CALLER_PC());
    reads_string(value, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), int result = setenv(name, value, replace));
    return result;
}

RACE_EXPORT int goc_race_libc_unsetenv(const char *name)
{
    writes_environment(RACE_CALLER_PC());
    reads_string(name, RACE_CALLER_PC());
    return unsetenv(name);
}

RACE_EXPORT int goc_race_libc_putenv(char *assignment)
{
    writes_environment(RACE_CALLER_PC());
    reads_string(assignment, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), int result = putenv(assignment));
    return result;
}

RACE_EXPORT int goc_race_libc_clearenv(void)
{
    writes_environment(RACE_CALLER_PC());
    return clearenv();
}
