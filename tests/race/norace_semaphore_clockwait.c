/* Each way to wait orders by itself. */
// BEYOND TSAN: it does not know sem_clockwait
#include "pair.h"

#include <semaphore.h>
#include <time.h>

int shared;
static sem_t semaphore;

static void first(void)
{
    shared = 1;
    sem_post(&semaphore);
}

static void second(void)
{
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += 60;
    CHECK_EQ(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &deadline), 0);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    CHECK_EQ(sem_init(&semaphore, 0, 0), 0);
    pair_in_order();
}
