/* Many small programs in one: each scenario runs in a process of its own and has a verdict.
 *
 * Without an argument main starts itself once for each scenario; a build with a detector has to
 * end with 66 where the verdict is RACE and with 0 where it is NO_RACE, one without always
 * with 0.  With a scenario's name it runs that one, for looking at it.
 */
#ifndef TESTS_PROGRAMS_SCENARIOS_H
#define TESTS_PROGRAMS_SCENARIOS_H

#include <barrier.h>
#include <check.h>
#include <fcntl.h>
#include <goc.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>

enum verdict { NO_RACE, RACE };

struct scenario {
    const char *name;
    void (*run)(void);
    enum verdict verdict;
};

#define SCENARIO(function, verdict) {#function, function, verdict}

extern char **environ;

/* Defined by every detector, and by nothing in a build without one. */
int goc_race_exit(int status) __attribute__((__weak__));

/* The two sides of a conflict.  Calls, so that the accesses stay where they are written. */
static int shared;

static __attribute__((__noinline__)) void touch(void)
{
    shared++;
}

/* Wait until COUNT parties have arrived at B, without any order in a detector's eyes. */
static inline void see(const struct barrier *b, unsigned count)
{
    while (!barrier_reached(b, count))
        goc_yield();
}

/* Long enough for whoever was about to park to have parked.  No verdict depends on it: both
 * ways through a channel have the same order. */
static inline void let_others_park(void)
{
    for (int i = 0; i < 20; i++)
        goc_yield();
}

static int run_apart(const struct scenario *s)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    char *arguments[] = {(char *)"scenario", (char *)s->name, NULL};
    pid_t child;
    CHECK_EQ(posix_spawn(&child, "/proc/self/exe", &actions, NULL, arguments, environ),
             0);
    posix_spawn_file_actions_destroy(&actions);
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_scenarios(int argc, char **argv, const struct scenario *scenarios,
                         size_t count)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const struct scenario *s = &scenarios[i];
        if (argc > 1) {
            if (strcmp(argv[1], s->name) == 0) {
                s->run();
                return 0;
            }
            continue;
        }
        int expected = goc_race_exit && s->verdict == RACE ? 66 : 0;
        int status = run_apart(s);
        if (status != expected) {
            printf("%s ended with %d, expected %d\n", s->name, status, expected);
            wrong++;
        }
    }
    printf("%d of %zu wrong\n", wrong, count);
    return wrong > 0 || argc > 1;
}

#define SCENARIOS_MAIN(scenarios)                                                        \
    int main(int argc, char **argv)                                                      \
    {                                                                                    \
        return run_scenarios(argc, argv, scenarios,                                      \
                             sizeof(scenarios) / sizeof *(scenarios));                   \
    }

#endif
