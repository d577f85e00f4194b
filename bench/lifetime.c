/* lifetime COUNT COMMAND ARGUMENT…: runs COMMAND COUNT times, one after the other, and prints
 * the median of the milliseconds from its start to its exit.
 *
 * bench.py takes about as long to start a process and to read what it prints as a small program
 * takes altogether, on both sides, which draws their ratio towards 1.  This does nothing but
 * start and wait.
 */
#include "bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COUNT_MAX = 1000 };

extern char **environ;

static void die(const char *what, int error)
{
    fprintf(stderr, "lifetime: %s: %s\n", what, strerror(error));
    exit(1);
}

static int64_t run(char **command, const posix_spawn_file_actions_t *actions)
{
    int64_t start = bench_now_ns();
    pid_t child;
    int status;
    int error = posix_spawn(&child, command[0], actions, NULL, command, environ);
    if (error != 0)
        die(command[0], error);
    if (waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "lifetime: %s: wait status %d\n", command[0], status);
        exit(1);
    }
    return bench_now_ns() - start;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
    static int64_t took[COUNT_MAX];
    int count = bench_argument(argc, argv, 1, 0);
    if (argc < 3 || count < 1 || count > COUNT_MAX) {
        fprintf(stderr, "usage: lifetime COUNT COMMAND [ARGUMENT...]\n");
        return 2;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    for (int i = 0; i < count; i++)
        took[i] = run(argv + 2, &actions);
    qsort(took, (size_t)count, sizeof took[0], compare);
    bench_print((double)took[count / 2] / 1e6);
}
