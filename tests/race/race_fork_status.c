/* Whether a child of fork raced is a matter of its own: its parent's race is not in its exit
 * status, and the same race in it is. */
// BEYOND TSAN: a child of a process that has raced ends as if it had
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RACED = 66, FAILED = 127 };

int shared;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

/* How a child ends that races or does not, by itself with FAILED. */
static int child_that(bool races)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (races)
            pair_in_order();
        _exit(FAILED);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

int main(void)
{
    CHECK_EQ(child_that(false), FAILED);
    CHECK_EQ(child_that(true), RACED);
    pair_in_order();
    CHECK_EQ(child_that(false), FAILED);
    CHECK_EQ(child_that(true), RACED); // in whichever order: step has been reached
    puts("each has its own status");   // CHECK-DAG: each has its own status
}
