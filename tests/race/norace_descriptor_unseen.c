/* The number of a descriptor is used again after streams and queues have given it back. */
#include "pair.h"

#include <mqueue.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

static void use(FILE *stream)
{
    char bytes[8];
    CHECK(read(fileno(stream), bytes, sizeof bytes) > 0);
}

/* Nobody sees who makes these. */
static void open_and_close(void)
{
    FILE *streams[2];
    for (int i = 0; i < 2; i++)
        streams[i] = fopen("/dev/null", "r");
    for (int i = 0; i < 2; i++)
        CHECK(streams[i] != NULL && fclose(streams[i]) == 0);
}

static void first(void)
{
    FILE *child = popen("echo hello", "r");
    struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
    mqd_t queue =
        mq_open("/norace-descriptor-unseen", O_CREAT | O_RDWR, 0600, &attributes);
    CHECK(child != NULL && queue >= 0);
    CHECK_EQ(mq_unlink("/norace-descriptor-unseen"), 0);
    use(child);
    struct pollfd there = {.fd = queue, .events = POLLIN};
    CHECK_EQ(poll(&there, 1, 0), 0);
    CHECK_EQ(pclose(child), 0);
    CHECK_EQ(mq_close(queue), 0);
}

static void second(void)
{
    open_and_close();
}

int main(void)
{
    pair_in_order();
}
