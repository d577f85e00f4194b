/* A race in fork's child ends the child so, and the parent as it wishes. */
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
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        pair_in_order();
        exit(0);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    exit(WEXITSTATUS(status));
}
