/* Descriptors that are closed after their use, replaced at once, or another process's. */
// BEYOND TSAN: it takes what a handler uses for its thread's
#include "pair.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];   // who has read the byte knows that it was written
static int output;    // is replaced while it is used
static int others[2]; // a child closes its own
static int waker[2];  // a handler's
static int joined;

static void wake(int signal)
{
    (void)signal;
    CHECK_EQ(write(waker[1], "w", 1), 1);
}

static void first(void)
{
    CHECK_EQ(write(output, "a", 1), 1);
    CHECK_EQ(write(others[1], "b", 1), 1);
    CHECK_EQ(write(joined, "c", 1), 1);
    CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(write(ends[1], "d", 1), 1);
}

static void child(void)
{
    close(others[1]);
    close(output);
    _exit(0);
}

static void second(void)
{
    int status;
    pid_t pid = fork();
    if (pid == 0)
        child();
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(status, 0);
    CHECK_EQ(dup2(waker[1], output), output);
    CHECK_EQ(close(waker[1]), 0);
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(close(ends[1]), 0);
    CHECK_EQ(close(ends[0]), 0);
    /* The numbers are free, and what is made of them is new. */
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(close(ends[0]), 0);
    CHECK_EQ(close(ends[1]), 0);
}

int main(void)
{
    CHECK(signal(SIGUSR1, wake) == SIG_DFL);
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(pipe(others), 0);
    CHECK_EQ(pipe(waker), 0);
    output = open("/dev/null", O_WRONLY);
    joined = open("/dev/null", O_WRONLY);
    CHECK(output >= 0 && joined >= 0);
    pair_in_order();
    CHECK_EQ(close(joined), 0);
}
