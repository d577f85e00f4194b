/* Named semaphores order like others. */
#include "pair.h"

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

int shared;
static sem_t *semaphore;

static void first(void)
{
    shared = 1;
    sem_post(semaphore);
}

static void second(void)
{
    sem_wait(semaphore);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    char name[40];
    snprintf(name, sizeof name, "/goc-test-%d", getpid());
    semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
    CHECK(semaphore != SEM_FAILED);
    sem_unlink(name);
    pair_in_order();
    sem_close(semaphore);
}
