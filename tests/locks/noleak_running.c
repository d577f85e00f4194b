/* A thread that still runs when the process ends has not been forgotten: somebody may have
 * wanted it to run so long. */
#include "check.h"

#include <pthread.h>
#include <unistd.h>

static void *run(void *unused)
{
    for (;;)
        pause();
    return unused;
}

// EVEN: WARNING: THREAD LEAK
int main(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, run, NULL), 0);
}
