/* Goroutines start other programs in every way there is, while others run.
 *
 * CHECK: forked before
 * CHECK: all right
 */
#include "check.h"

#include <goc.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { ROUNDS = 10, TALKERS = 4 };

extern char **environ;

static atomic_bool enough;
static goc_waitgroup starters;
static goc_waitgroup talkers;

static int status_of(pid_t child)
{
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void fork_and_exec(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            execlp("sh", "sh", "-c", "exit 11", (char *)NULL);
            _exit(127);
        }
        CHECK_EQ(status_of(child), 11);
    }
    goc_waitgroup_done(&starters);
}

static void fork_and_end(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
            _exit(12);
        CHECK_EQ(status_of(child), 12);
    }
    goc_waitgroup_done(&starters);
}

static void spawn(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        char *arguments[] = {"sh", "-c", "exit 13", NULL};
        pid_t child;
        CHECK_EQ(posix_spawnp(&child, "sh", NULL, NULL, arguments, environ), 0);
        CHECK_EQ(status_of(child), 13);
    }
    goc_waitgroup_done(&starters);
}

static void call_system(void)
{
    for (int i = 0; i < ROUNDS; i++)
        CHECK_EQ(WEXITSTATUS(system("exit 14")), 14);
    goc_waitgroup_done(&starters);
}

static void read_popen(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        FILE *output = popen("echo fifteen", "r");
        CHECK(output != NULL);
        char line[16];
        CHECK(fgets(line, sizeof line, output) != NULL);
        CHECK_STR(line, "fifteen\n");
        CHECK_EQ(pclose(output), 0);
    }
    goc_waitgroup_done(&starters);
}

static void talk(chan(int) in, chan(int) out)
{
    while (!atomic_load(&enough)) {
        chan_send(out, 1);
        CHECK_EQ(chan_recv(in), 1);
    }
    chan_close(out);
    goc_waitgroup_done(&talkers);
}

static void answer(chan(int) in, chan(int) out)
{
    chan_range(v, in) {
        chan_send(out, v);
    }
    goc_waitgroup_done(&talkers);
}

static void square(int n, chan(int) out)
{
    chan_send(out, n * n);
}

/* Nothing of the runtime runs before the first goroutine, so that a child may begin anew. */
static void fork_before(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        chan(int) c = chan_make(int, 0);
        go square(4, c);
        _exit(chan_recv(c));
    }
    CHECK_EQ(status_of(child), 16);
    puts("forked before");
}

int main(void)
{
    fork_before();
    fflush(stdout);
    for (int i = 0; i < TALKERS; i++) {
        chan(int) there = chan_make(int, 0);
        chan(int) back = chan_make(int, 0);
        goc_waitgroup_add(&talkers, 2);
        go talk(back, there);
        go answer(there, back);
    }
    goc_waitgroup_add(&starters, 5);
    go fork_and_exec();
    go fork_and_end();
    go spawn();
    go call_system();
    go read_popen();
    goc_waitgroup_wait(&starters);
    atomic_store(&enough, true);
    goc_waitgroup_wait(&talkers);
    puts("all right");
}
