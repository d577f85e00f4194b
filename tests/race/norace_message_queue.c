/* POSIX message queues order who sends before who receives. */
// BEYOND TSAN: it sees no order in message queues
#include "pair.h"

#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <unistd.h>

int shared;
static mqd_t queue;

static void first(void)
{
    shared = 1;
    CHECK_EQ(mq_send(queue, "hello", 6, 0), 0);
}

static void second(void)
{
    char text[64];
    CHECK_EQ(mq_receive(queue, text, sizeof text, NULL), 6);
    CHECK_EQ(shared, 1);
}

int main(void)
{
    char name[40];
    struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 64};
    snprintf(name, sizeof name, "/goc-test-%d", getpid());
    queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
    if (queue == (mqd_t)-1) {
        puts("this system has no POSIX message queues");
        return 77;
    }
    mq_unlink(name);
    pair_in_order();
    mq_close(queue);
}
