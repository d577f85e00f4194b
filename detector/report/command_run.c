/* goc-race run: a program, its children and their logs.
 *
 * The logs go to a directory of their own, one a process; the program's terminal, its
 * standard streams and its process group stay what they are.  While it runs goc-race
 * ignores what the terminal sends to both and hands on what is sent to itself.
 */
#include "report/command.h"
#include "report/complain.h"
#include "report/report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <goc/race_record.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is sent to goc-race is meant for the program. */
static const int handed_on[] = {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

/* How signals were before; the program gets them so. */
struct signals {
    sigset_t mask;
    struct sigaction interrupt;
    struct sigaction quit;
};

/* SIGINT and SIGQUIT come from the terminal to the program as well. */
static void take_signals(struct signals *saved)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t waited;
    sigemptyset(&waited);
    sigaddset(&waited, SIGCHLD);
    for (size_t i = 0; i < sizeof handed_on / sizeof *handed_on; i++)
        sigaddset(&waited, handed_on[i]);
    sigprocmask(SIG_BLOCK, &waited, &saved->mask);
    sigaction(SIGINT, &ignore, &saved->interrupt);
    sigaction(SIGQUIT, &ignore, &saved->quit);
}

static void restore_signals(const struct signals *saved)
{
    sigaction(SIGINT, &saved->interrupt, NULL);
    sigaction(SIGQUIT, &saved->quit, NULL);
    sigprocmask(SIG_SETMASK, &saved->mask, NULL);
}

/* GOC_RACE for the program: the user's own options, then where to write. */
static void set_options(struct arena *arena, const char *directory)
{
    const char *own = getenv("GOC_RACE");
    if (own && strstr(own, "log_path="))
        complain("log_path of GOC_RACE does not apply to goc-race run");
    setenv("GOC_RACE",
           arena_printf(arena, "%s%slog_path=%s/log", own ? own : "",
                        own && own[0] ? " " : "", directory),
           1);
}

/* Starts ARGV.  Sets *PID.  Returns 0 or the status for a program that does not start:
 * the child tells its errno through a pipe that a successful exec closes. */
static int start(char **argv, pid_t *pid)
{
    int channel[2];
    struct signals saved;
    if (pipe2(channel, O_CLOEXEC) != 0) {
        complain("pipe: %s", strerror(errno));
        return STATUS_UNREADABLE;
    }
    take_signals(&saved);
    *pid = fork();
    if (*pid == 0) {
        restore_signals(&saved);
        execvp(argv[0], argv);
        const int error = errno;
        const ssize_t told = write(channel[1], &error, sizeof error);
        _exit(told == sizeof error ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
    }
    int error = *pid < 0 ? errno : 0;
    close(channel[1]);
    const bool failed =
        *pid < 0 || read(channel[0], &error, sizeof error) == sizeof error;
    close(channel[0]);
    if (!failed)
        return 0;
    if (*pid > 0)
        waitpid(*pid, NULL, 0);
    complain("%s: %s", argv[0], strerror(error));
    return error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
}

/* Waits for the program, handing signals on to it.  Returns its status as a shell would
 * tell it. */
static int wait_for(pid_t pid)
{
    sigset_t waited;
    int status = 0;
    sigprocmask(SIG_SETMASK, NULL, &waited); // all that is blocked
    while (waitpid(pid, &status, WNOHANG) != pid) {
        const int signal_number = sigwaitinfo(&waited, NULL);
        for (size_t i = 0; i < sizeof handed_on / sizeof *handed_on; i++)
            if (signal_number == handed_on[i])
                kill(pid, signal_number);
    }
    return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Reads every log in DIRECTORY in the order of their names, and removes it all. */
static void collect(struct report *report, struct arena *arena, const char *directory)
{
    struct dirent **entries = NULL;
    const int count = scandir(directory, &entries, NULL, versionsort);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            const char *path =
                arena_printf(arena, "%s/%s", directory, entries[i]->d_name);
            report_read_file(report, path);
            unlink(path);
        }
        free(entries[i]);
    }
    free((void *)entries);
    rmdir(directory);
}

/* Runs ARGV with its logs in DIRECTORY and reports. */
static int run(struct arena *arena, const char *directory, char **argv)
{
    pid_t pid = 0;
    set_options(arena, directory);
    int status = start(argv, &pid);
    if (status != 0) {
        rmdir(directory);
        return status;
    }
    status = wait_for(pid);
    struct report report;
    report_init(&report, stderr, FORMAT_TEXT, false);
    collect(&report, arena, directory);
    if (!report_any_started(&report))
        complain("%s wrote no record: build it with goc-cc -race to have it watched",
                 argv[0]);
    return report_finish(&report) == RACE_EXIT_STATUS ? RACE_EXIT_STATUS : status;
}

/* Blanks, colons and commas separate the options of GOC_RACE, which has no way to quote them. */
static const char *temporary_parent(void)
{
    const char *parent = getenv("TMPDIR");
    return parent && parent[0] && !strpbrk(parent, " \t\n:,") ? parent : "/tmp";
}

int command_run(int argc, char **argv)
{
    int first = 1;
    if (first < argc && strcmp(argv[first], "--") == 0) {
        first++;
    } else if (first < argc && argv[first][0] == '-') {
        complain("run: unknown option '%s'; see goc-race --help", argv[first]);
        return STATUS_USAGE;
    }
    if (first == argc) {
        complain("run: no PROGRAM given; see goc-race --help");
        return STATUS_USAGE;
    }
    struct arena arena = {0};
    const char *made = arena_printf(&arena, "%s/goc-race.XXXXXX", temporary_parent());
    char *directory = strdup(made);
    int status = STATUS_UNREADABLE;
    if (directory && mkdtemp(directory))
        status = run(&arena, directory, argv + first);
    else
        complain("%s: %s", made, strerror(errno));
    free(directory);
    arena_free(&arena);
    return status;
}
