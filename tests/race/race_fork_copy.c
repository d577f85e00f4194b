/* A child of fork that reads what another thread of its parent was writing has a copy of some
 * moment of that. */
// BEYOND TSAN: it does not look at the child of a process with threads
#include "pair.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int shared;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        int seen = shared; // CHECK-DAG: .c:[[#@LINE]]:
        exit(seen == 1 ? 0 : 1);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    exit(WEXITSTATUS(status));
}

int main(void)
{
    pair_in_order();
}
