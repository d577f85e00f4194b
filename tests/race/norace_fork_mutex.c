/* A forked child's recursive mutex is the child's: its parent's number is not its own. */
#include "pair.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int shared;

static void add(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
    shared++;
    pthread_mutex_unlock(&mutex);
    pthread_mutex_unlock(&mutex);
}

static void first(void)
{
    add();
}

static void second(void)
{
    add();
}

/* The thread that calls is one of the pair. */
static void run_pair(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, pair_second, NULL), 0);
    pair_first(NULL);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

int main(void)
{
    add();
    pid_t child = fork();
    CHECK(child >= 0);
    run_pair();
    if (child == 0)
        exit(0);
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    exit(WEXITSTATUS(status));
}
