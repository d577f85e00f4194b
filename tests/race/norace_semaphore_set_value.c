/* Who asks for the value of a semaphore of System V comes after who has set or raised it (POSIX:
 * semctl and semop synchronize memory). */
// BEYOND TSAN: it sees no order in System V semaphores
#include "pair.h"

#include <sys/ipc.h>
#include <sys/sem.h>

int shared[2];
static int set;

static void first(void)
{
    struct sembuf up = {1, 1, 0};
    shared[0] = 1;
    CHECK_EQ(semctl(set, 0, SETVAL, 1), 0);
    shared[1] = 1;
    CHECK_EQ(semop(set, &up, 1), 0);
}

static void second(void)
{
    unsigned short values[2];
    CHECK_EQ(semctl(set, 0, GETVAL), 1);
    CHECK_EQ(shared[0], 1);
    CHECK_EQ(semctl(set, 0, GETALL, values), 0);
    CHECK_EQ(values[1], 1);
    CHECK_EQ(shared[1], 1);
}

int main(void)
{
    set = semget(IPC_PRIVATE, 2, 0600);
    CHECK(set >= 0);
    pair_in_order();
    CHECK_EQ(semctl(set, 0, IPC_RMID), 0);
}
