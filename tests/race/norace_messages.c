/* Message queues and semaphores of System V order like what they are. */
// BEYOND TSAN: it sees no order in System V messages and semaphores
#include "pair.h"

#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

struct message {
    long type;
    char text[8];
};

int shared[2];
static int queue;
static int set;

static void first(void)
{
    struct message message = {1, "hello"};
    struct sembuf up = {0, 1, 0};
    shared[0] = 1;
    CHECK_EQ(msgsnd(queue, &message, sizeof message.text, 0), 0);
    shared[1] = 1;
    CHECK_EQ(semop(set, &up, 1), 0);
}

static void second(void)
{
    struct message message;
    struct sembuf down = {0, -1, 0};
    CHECK_EQ(msgrcv(queue, &message, sizeof message.text, 0, 0), 8);
    CHECK_EQ(shared[0], 1);
    CHECK_EQ(semop(set, &down, 1), 0);
    CHECK_EQ(shared[1], 1);
}

int main(void)
{
    queue = msgget(IPC_PRIVATE, 0600);
    set = semget(IPC_PRIVATE, 1, 0600);
    CHECK(queue >= 0 && set >= 0);
    pair_in_order();
    CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
    CHECK_EQ(semctl(set, 0, IPC_RMID), 0);
}
