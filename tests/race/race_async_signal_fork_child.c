/* As race_fork_child, by _Fork, which runs no handlers of pthread_atfork: the child has a number of
 * its own, which its recursive mutex notes, and a status. */
#include "pair.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int shared;
static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

static void lock_twice(void)
{
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_mutex_lock(&mutex), 0);
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_mutex_unlock(&mutex), 0);
}

int main(void)
{
    lock_twice();
    pid_t child = _Fork();
    CHECK(child >= 0);
    if (child == 0) {
        lock_twice();
        pair_in_order();
        exit(0);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    exit(WEXITSTATUS(status));
}
