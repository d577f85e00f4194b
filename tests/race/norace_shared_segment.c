/* A segment of System V's memory at the address of one that is gone is new. */
// BEYOND TSAN: it does not see that the old one is gone
#include "pair.h"

#include <sys/ipc.h>
#include <sys/shm.h>

static void *where; // set before the threads begin

static int *attach(void)
{
    int segment = shmget(IPC_PRIVATE, 4096, 0600);
    int *word = shmat(segment, where, 0);
    CHECK(word != (void *)-1);
    CHECK_EQ(shmctl(segment, IPC_RMID, NULL), 0);
    return word;
}

static void use(void)
{
    int *word = attach();
    *word = 1;
    CHECK_EQ(shmdt(word), 0);
}

static void first(void)
{
    use();
}

static void second(void)
{
    use();
}

int main(void)
{
    where = attach();
    CHECK_EQ(shmdt(where), 0);
    pair_in_order();
}
