/* Without a race the program's own status stays, and fork's child has its own. */
#include "pair.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    pthread_mutex_lock(&mutex);
    shared++;
    pthread_mutex_unlock(&mutex);
}

static void second(void)
{
    first();
}

int main(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    pair_in_order();
    CHECK_EQ(shared, 2);
    if (child == 0)
        _exit(5);
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 5);
}
