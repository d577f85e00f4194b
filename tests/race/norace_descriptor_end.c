/* Who meets the end of a pipe or of a socket comes after who closed the other side, also where
 * nothing was ever sent; and who writes in vain after who stopped reading. */
// BEYOND TSAN: it sees no order in an end
#include "pair.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIPE, PAIR, HALF, STREAM, REPLACED, HUNG_UP, FIFO, IN_VAIN, ALL };

int shared[ALL];
static int ends[ALL][2];
static FILE *stream;
static char path[] = "norace-descriptor-end-XXXXXX";

static void first(void)
{
    shared[PIPE] = 1;
    CHECK_EQ(close(ends[PIPE][1]), 0);
    shared[PAIR] = 1;
    CHECK_EQ(close(ends[PAIR][1]), 0);
    shared[HALF] = 1;
    CHECK_EQ(shutdown(ends[HALF][1], SHUT_WR), 0);
    shared[STREAM] = 1;
    CHECK_EQ(fclose(stream), 0);
    shared[REPLACED] = 1;
    CHECK_EQ(dup2(STDERR_FILENO, ends[REPLACED][1]), ends[REPLACED][1]);
    shared[HUNG_UP] = 1;
    CHECK_EQ(close(ends[HUNG_UP][1]), 0);
    shared[FIFO] = 1;
    CHECK_EQ(close(ends[FIFO][1]), 0);
    shared[IN_VAIN] = 1;
    CHECK_EQ(close(ends[IN_VAIN][0]), 0);
}

static void meet_end(int which)
{
    char byte;
    CHECK_EQ(read(ends[which][0], &byte, 1), 0);
    CHECK_EQ(shared[which], 1);
}

static void second(void)
{
    struct pollfd there = {.fd = ends[HUNG_UP][0], .events = POLLIN};
    meet_end(PIPE);
    meet_end(PAIR);
    meet_end(HALF);
    meet_end(STREAM);
    meet_end(REPLACED);
    CHECK_EQ(poll(&there, 1, -1), 1);
    CHECK_EQ(there.revents, POLLHUP);
    CHECK_EQ(shared[HUNG_UP], 1);
    meet_end(FIFO);
    CHECK_EQ(write(ends[IN_VAIN][1], "x", 1), -1);
    CHECK_EQ(errno, EPIPE);
    CHECK_EQ(shared[IN_VAIN], 1);
}

int main(void)
{
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    for (int i = 0; i < ALL; i++)
        CHECK_EQ(i == PAIR || i == HALF ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends[i])
                                        : pipe(ends[i]),
                 0);
    stream = fdopen(ends[STREAM][1], "w");
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    CHECK_EQ(unlink(path), 0);
    CHECK_EQ(mkfifo(path, 0600), 0);
    CHECK(close(fd) == 0 && close(ends[FIFO][0]) == 0 && close(ends[FIFO][1]) == 0);
    ends[FIFO][0] = open(path, O_RDONLY | O_NONBLOCK);
    ends[FIFO][1] = open(path, O_WRONLY);
    CHECK_EQ(unlink(path), 0);
    pair_in_order();
}
