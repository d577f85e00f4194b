/* peak FILE COMMAND ARGUMENT…: runs COMMAND and writes the peak of its resident memory to FILE.
 *
 * A process's ru_maxrss also counts the memory of whoever forked it, up to the exec; so a large
 * parent, bench.py, cannot ask for it.  This one is small.  Its exit status is the command's.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXEC_FAILED = 127, KILLED = 128 };

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: peak FILE COMMAND [ARGUMENT...]\n");
        return EXEC_FAILED;
    }
    pid_t child = fork();
    if (child == 0) {
        execv(argv[2], argv + 2);
        perror(argv[2]);
        _exit(EXEC_FAILED);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        perror("peak");
        return EXEC_FAILED;
    }
    FILE *file = fopen(argv[1], "w");
    if (!file || fprintf(file, "%ld\n", usage.ru_maxrss * 1024) < 0 ||
        fclose(file) != 0) {
        perror(argv[1]);
        return EXEC_FAILED;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED + WTERMSIG(status);
}
