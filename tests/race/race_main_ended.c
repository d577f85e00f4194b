/* The initial thread has ended by itself; the report still finds the program's lines. */
// BEYOND TSAN: it does not follow the initial thread that far
#include "pair.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

int shared;

static void *run(void *unused)
{
    /* A process whose initial thread is gone has no such link. */
    while (access("/proc/self/exe", F_OK) == 0)
        sched_yield();
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    exit(unused != NULL);
}

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void) {}

int main(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, run, NULL), 0);
    first();
    (void)second;
    pthread_exit(NULL);
}
