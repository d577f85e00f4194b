/* Checks for code that runs on goroutines and threads.
 *
 * CMocka's asserts jump through a buffer that belongs to the thread: on a goroutine they
 * would jump to a foreign stack.  A check here says on stderr what failed and ends the
 * process with CHECK_STATUS, from any goroutine, thread or signal handler.  Each such
 * test is a process of its own, so nothing is lost by ending it.
 */
#ifndef TESTS_SUPPORT_CHECK_H
#define TESTS_SUPPORT_CHECK_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Unlike 1 (the usual failure), 2 (Go's panic), 66 (a race) and 77 (a skipped test). */
#define CHECK_STATUS 99

/* One write(2) a message, so that failures of several threads do not mix. */
__attribute__((__noreturn__, __format__(__printf__, 3, 4))) static inline void
check_fail(const char *file, int line, const char *format, ...)
{
    char text[1024];
    int used = snprintf(text, sizeof text, "%s:%d: check failed: ", file, line);
    __builtin_va_list arguments;
    __builtin_va_start(arguments, format);
    size_t space = sizeof text - (size_t)used - 1;
    int more = vsnprintf(text + used, space, format, arguments);
    __builtin_va_end(arguments);
    size_t size = (size_t)used + ((size_t)more < space ? (size_t)more : space - 1);
    text[size++] = '\n';
    (void)!write(STDERR_FILENO, text, size);
    _exit(CHECK_STATUS);
}

/* The condition holds. */
#define CHECK(condition)                                                                 \
    do {                                                                                 \
        if (!(condition))                                                                \
            check_fail(__FILE__, __LINE__, "%s", #condition);                            \
    } while (0)

/* Two integers are equal; prints both values when not. */
#define CHECK_EQ(actual, expected)                                                       \
    do {                                                                                 \
        long long check_actual = (long long)(actual);                                    \
        long long check_expected = (long long)(expected);                                \
        if (check_actual != check_expected)                                              \
            check_fail(__FILE__, __LINE__, "%s is %lld, expected %lld", #actual,         \
                       check_actual, check_expected);                                    \
    } while (0)

/* Two strings are equal; prints both when not. */
#define CHECK_STR(actual, expected)                                                      \
    do {                                                                                 \
        const char *check_actual = (actual);                                             \
        const char *check_expected = (expected);                                         \
        if (strcmp(check_actual, check_expected) != 0)                                   \
            check_fail(__FILE__, __LINE__, "%s is \"%s\", expected \"%s\"", #actual,     \
                       check_actual, check_expected);                                    \
    } while (0)

#endif
