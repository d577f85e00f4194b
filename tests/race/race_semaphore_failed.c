/* A wait that gets nothing orders nothing, nor does looking at the value. */
// BEYOND TSAN: it takes sem_getvalue for an acquire
#include "pair.h"

#include <errno.h>
#include <semaphore.h>

int shared;
static sem_t semaphore;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    sem_post(&semaphore);
    sem_wait(&semaphore);
}

static void second(void)
{
    int value;
    CHECK_EQ(sem_trywait(&semaphore), -1);
    CHECK_EQ(sem_getvalue(&semaphore, &value), 0);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    CHECK_EQ(sem_init(&semaphore, 0, 0), 0);
    pair_in_order();
}
