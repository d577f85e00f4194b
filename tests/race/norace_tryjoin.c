/* pthread_tryjoin_np, pthread_timedjoin_np and pthread_clockjoin_np order like
 * pthread_join once they succeed. */
// BEYOND TSAN: it does not know pthread_clockjoin_np
#include "pair.h"

#include <errno.h>
#include <time.h>

int shared;

static void *run(void *unused)
{
    shared++;
    return unused;
}

static pthread_t start(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, run, NULL), 0);
    return thread;
}

static void first(void)
{
    pthread_t thread = start();
    while (pthread_tryjoin_np(thread, NULL) == EBUSY)
        ;
    shared++;
}

static void second(void) {}

int main(void)
{
    struct timespec deadline;
    pair_in_order();
    pthread_t thread = start();
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 60;
    CHECK_EQ(pthread_timedjoin_np(thread, NULL, &deadline), 0);
    shared++;
    thread = start();
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += 60;
    CHECK_EQ(pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &deadline), 0);
    shared++;
    CHECK_EQ(shared, 6);
}
