/* What a child of vfork does with its descriptors is nothing to its parent, in whose memory it
 * runs. */
#include "pair.h"

#include <sys/wait.h>
#include <unistd.h>

int shared;
static int ends[2];

static void first(void)
{
    shared = 1;
    CHECK_EQ(write(ends[1], "x", 1), 1);
}

static void second(void)
{
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(shared, 1);
}

/* As between vfork and exec: standard output becomes the pipe, and the pipe another file. */
static void redirect(void)
{
    (void)dup2(ends[1], STDOUT_FILENO);
    (void)dup2(STDERR_FILENO, ends[1]);
    (void)close(ends[0]);
    _exit(0);
}

int main(void)
{
    int status;
    CHECK_EQ(pipe(ends), 0);
    pid_t pid = vfork();
    if (pid == 0)
        redirect();
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(status, 0);
    pair_in_order();
}
