/* <time.h>.  Functions that answer with a pointer to an object of libc's own write that
 * object: two threads that call localtime race there, and so does a reader of the answer. */
#include "intercept/libc.h"

/* NULL is no object. */
static void writes(const void *object, size_t size, const void *pc)
{
    if (object != NULL)
        race__write(object, size, pc);
}

RACE_EXPORT time_t goc_race_libc_time(time_t *now)
{
    writes(now, sizeof *now, RACE_CALLER_PC());
    return time(now);
}

RACE_EXPORT int goc_race_libc_gettimeofday(struct timeval *now, void *zone)
{
    writes(now, sizeof *now, RACE_CALLER_PC());
    writes(zone, sizeof(struct timezone), RACE_CALLER_PC());
    return gettimeofday(now, zone);
}

RACE_EXPORT int goc_race_libc_clock_gettime(clockid_t clock, struct timespec *now)
{
    writes(now, sizeof *now, RACE_CALLER_PC());
    return clock_gettime(clock, now);
}

RACE_EXPORT int goc_race_libc_clock_getres(clockid_t clock, struct timespec *resolution)
{
    writes(resolution, sizeof *resolution, RACE_CALLER_PC());
    return clock_getres(clock, resolution);
}

RACE_EXPORT int goc_race_libc_nanosleep(const struct timespec *wanted,
                                        struct timespec *left)
{
    race__read(wanted, sizeof *wanted, RACE_CALLER_PC());
    int result = nanosleep(wanted, left);
    if (result != 0)
        writes(left, sizeof *left, RACE_CALLER_PC());
    return result;
}

RACE_EXPORT struct tm *goc_race_libc_localtime(const time_t *when)
{
    race__read(when, sizeof *when, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), struct tm *result = localtime(when));
    writes(result, sizeof *result, RACE_CALLER_PC());
    return result;
}

RACE_EXPORT struct tm *goc_race_libc_gmtime(const time_t *when)
{
    race__read(when, sizeof *when, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), struct tm *result = gmtime(when));
    writes(result, sizeof *result, RACE_CALLER_PC());
    return result;
}

RACE_EXPORT struct tm *goc_race_libc_localtime_r(const time_t *when, struct tm *parts)
{
    race__read(when, sizeof *when, RACE_CALLER_PC());
    race__write(parts, sizeof *parts, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), struct tm *result = localtime_r(when, parts));
    return result;
}

RACE_EXPORT struct tm *goc_race_libc_gmtime_r(const time_t *when, struct tm *parts)
{
    race__read(when, sizeof *when, RACE_CALLER_PC());
    race__write(parts, sizeof *parts, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), struct tm *result = gmtime_r(when, parts));
    return result;
}

/* Both bring the parts into their ranges. */
RACE_EXPORT time_t goc_race_libc_mktime(struct tm *parts)
{
    race__write(parts, sizeof *parts, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), time_t result = mktime(parts));
    return result;
}

RACE_EXPORT time_t goc_race_libc_timegm(struct tm *parts)
{
    race__write(parts, sizeof *parts, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), time_t result = timegm(parts));
    return result;
}

static char *text(char *result, const void *pc)
{
    if (result != NULL)
        race__write(result, strlen(result) + 1, pc);
    return result;
}

RACE_EXPORT char *goc_race_libc_asctime(const struct tm *parts)
{
    race__read(parts, sizeof *parts, RACE_CALLER_PC());
    return text(asctime(parts), RACE_CALLER_PC());
}

RACE_EXPORT char *goc_race_libc_asctime_r(const struct tm *parts, char *to)
{
    race__read(parts, sizeof *parts, RACE_CALLER_PC());
    return text(asctime_r(parts, to), RACE_CALLER_PC());
}

RACE_EXPORT char *goc_race_libc_ctime(const time_t *when)
{
    race__read(when, sizeof *when, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), char *result = ctime(when));
    return text(result, RACE_CALLER_PC());
}

RACE_EXPORT char *goc_race_libc_ctime_r(const time_t *when, char *to)
{
    race__read(when, sizeof *when, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), char *result = ctime_r(when, to));
    return text(result, RACE_CALLER_PC());
}

RACE_EXPORT size_t goc_race_libc_strftime(char *to, size_t size, const char *format,
                                          const struct tm *parts)
{
    reads_string(format, RACE_CALLER_PC());
    race__read(parts, sizeof *parts, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), size_t length = strftime(to, size, format, parts));
    if (length != 0)
        race__write(to, length + 1, RACE_CALLER_PC());
    return length;
}
