/* A post is before the return of every later wait, whichever wait it is. */
#include "pair.h"

#include <semaphore.h>
#include <time.h>

int shared;
static sem_t semaphore;

static struct timespec in_a_minute(clockid_t clock)
{
    struct timespec deadline;
    clock_gettime(clock, &deadline);
    deadline.tv_sec += 60;
    return deadline;
}

static void first(void)
{
    for (int i = 0; i < 4; i++) {
        shared++;
        sem_post(&semaphore);
    }
}

static void second(void)
{
    struct timespec real = in_a_minute(CLOCK_REALTIME);
    struct timespec monotonic = in_a_minute(CLOCK_MONOTONIC);
    CHECK_EQ(sem_wait(&semaphore), 0);
    CHECK_EQ(sem_trywait(&semaphore), 0);
    CHECK_EQ(sem_timedwait(&semaphore, &real), 0);
    CHECK_EQ(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &monotonic), 0);
    CHECK_EQ(shared, 4);
}

int main(void)
{
    CHECK_EQ(sem_init(&semaphore, 0, 0), 0);
    pair_in_order();
    CHECK_EQ(sem_destroy(&semaphore), 0);
}
