/* What a thread does before it waits is not before what the poster does. */
#include "pair.h"

#include <semaphore.h>

int shared;
static sem_t semaphore;

static void first(void)
{
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    sem_wait(&semaphore);
}

static void second(void)
{
    sem_post(&semaphore);
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    CHECK_EQ(sem_init(&semaphore, 0, 1), 0);
    pair_in_order();
}
