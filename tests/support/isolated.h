/* CMocka tests of code that moves between threads: each case in a process of its own.
 *
 * CMocka keeps its state in thread-local variables, and main, being goroutine 1, may end a
 * test on another thread than it began it on.  So CMocka runs in a process that never
 * starts the runtime, and each of its tests starts this program again with the case's name,
 * once for every number of Ps in ISOLATED_MAXPROCS.  A case checks with support/check.h.
 */
#ifndef TESTS_SUPPORT_ISOLATED_H
#define TESTS_SUPPORT_ISOLATED_H

/* CMocka wants the first four before itself. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* One P, the machine's, more than that, far more than that; a build that is slow has a list and a
 * limit of its own. */
#ifndef ISOLATED_LIMIT
#define ISOLATED_LIMIT 120
#endif
#ifndef ISOLATED_PROCS
#define ISOLATED_PROCS "1", "2", "4", "8", "64"
#endif
static const char *const ISOLATED_MAXPROCS[] = {ISOLATED_PROCS};

enum {
    ISOLATED_SECONDS = ISOLATED_LIMIT, /* in which a case goes on, or hangs */
    ISOLATED_OUTPUT = 65536,
    ISOLATED_CASES_MAX = 64,
};

struct isolated_case {
    const char *name;
    void (*run)(void);   /* on goroutine 1 */
    int status;          /* with which the process has to end */
    const char *message; /* what its stderr has to contain; NULL: anything */
};

/* Called where a case has done a part of its work: not now does it hang.  For cases that make the
 * kernel run another thread thousands of times, each of which is a tenth of a second where others
 * have the CPUs. */
static inline void isolated_goes_on(void)
{
    alarm(ISOLATED_SECONDS);
}

#define ISOLATED(function) {#function, function, 0, NULL}
#define ISOLATED_PANIC(function, message) {#function, function, 2, message}

extern char **environ;

/* Run C in a process with MAXPROCS Ps; what it writes to stderr goes to OUTPUT.
 * Returns its status as waitpid gives it. */
static int isolated_spawn(const struct isolated_case *c, const char *maxprocs,
                          char *output)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): alone */
    assert_int_equal(setenv("GOMAXPROCS", maxprocs, 1), 0);
    char *arguments[] = {"isolated", (char *)(uintptr_t)c->name, NULL};
    pid_t child;
    assert_int_equal(
        posix_spawn(&child, "/proc/self/exe", &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);

    size_t used = 0;
    ssize_t got;
    while ((got = read(ends[0], output + used, ISOLATED_OUTPUT - 1 - used)) > 0)
        used += (size_t)got;
    output[used] = '\0';
    close(ends[0]); /* what is more than fits ends the case by SIGPIPE */
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void isolated_test(void **state)
{
    const struct isolated_case *c = *state;
    static char output[ISOLATED_OUTPUT];
    for (size_t i = 0; i < sizeof ISOLATED_MAXPROCS / sizeof *ISOLATED_MAXPROCS; i++) {
        int status = isolated_spawn(c, ISOLATED_MAXPROCS[i], output);
        bool right = WIFEXITED(status) && WEXITSTATUS(status) == c->status &&
                     (c->message == NULL || strstr(output, c->message));
        if (!right)
            fail_msg("%s with GOMAXPROCS=%s: %s %d, expected status %d and \"%s\"; "
                     "stderr:\n%s",
                     c->name, ISOLATED_MAXPROCS[i],
                     WIFEXITED(status) ? "status" : "signal",
                     WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
                     c->status, c->message ? c->message : "", output);
    }
}

/* What main returns: all COUNT cases as CMocka tests or, in a started process, one of them. */
static int isolated_main(int argc, char **argv, const struct isolated_case *cases,
                         size_t count)
{
    if (argc > 1) {
        for (size_t i = 0; i < count; i++) {
            if (strcmp(cases[i].name, argv[1]) == 0) {
                isolated_goes_on();
                cases[i].run();
                return 0;
            }
        }
        fprintf(stderr, "no case is called %s\n", argv[1]);
        return 1;
    }
    struct CMUnitTest tests[ISOLATED_CASES_MAX] = {{0}};
    if (count > ISOLATED_CASES_MAX)
        return 1;
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, isolated_test, NULL, NULL,
                                       (void *)(uintptr_t)&cases[i]};
    return _cmocka_run_group_tests("isolated", tests, count, NULL, NULL);
}

#define ISOLATED_MAIN(cases)                                                             \
    int main(int argc, char **argv)                                                      \
    {                                                                                    \
        return isolated_main(argc, argv, cases, sizeof(cases) / sizeof *(cases));        \
    }

#endif
