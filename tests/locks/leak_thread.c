/* Threads that have ended and that nobody joined or detached. */
#include "check.h"

#include <pthread.h>
#include <sched.h>

static void *run(void *unused)
{
    return unused;
}

/* How many threads the kernel knows in this process: one that it has forgotten has ended. */
static int count_threads(void)
{
    char line[256];
    int count = 0;
    FILE *status = fopen("/proc/self/status", "r");
    CHECK(status != NULL);
    while (fgets(line, sizeof line, status) != NULL)
        (void)sscanf(line, "Threads: %d", &count);
    fclose(status);
    return count;
}

// CHECK: WARNING: THREAD LEAK: threads have ended and were neither joined nor detached
// CHECK: Thread {{[0-9]+}} was created, and 2 more, at:
// CHECK: leak_thread.c:[[#@LINE+7]]:
// CHECK: Found 1 error
// OFF-NOT: WARNING:
int main(void)
{
    for (int i = 0; i < 3; i++) {
        pthread_t thread;
        CHECK_EQ(pthread_create(&thread, NULL, run, NULL), 0);
    }
    pthread_t detached;
    CHECK_EQ(pthread_create(&detached, NULL, run, NULL), 0);
    CHECK_EQ(pthread_detach(detached), 0);
    while (count_threads() != 1)
        sched_yield();
}
