/* A message that is longer than the buffer fills the buffer, though its whole length is told; and
 * what TCP is told to throw away fills nothing. */
// BEYOND TSAN: it takes what TCP throws away for received.
#include "pair.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MESSAGE = 32, ROOM = 4 };

static char buffer[MESSAGE];
static char thrown[MESSAGE];
static int pair[2];
static int stream;

static void first(void)
{
    CHECK_EQ(recv(pair[1], buffer, ROOM, MSG_TRUNC), MESSAGE);
    CHECK_EQ(recvfrom(pair[1], buffer, ROOM, MSG_TRUNC, NULL, NULL), MESSAGE);
    CHECK_EQ(recv(stream, thrown, sizeof thrown, MSG_TRUNC | MSG_WAITALL), MESSAGE);
    CHECK_EQ(recv(stream, NULL, sizeof thrown, MSG_TRUNC | MSG_WAITALL), MESSAGE);
}

static void second(void)
{
    for (int i = ROOM; i < MESSAGE; i++)
        buffer[i] = 1;
    for (int i = 0; i < MESSAGE; i++)
        thrown[i] = 1;
}

/* Two ends of a connection. */
static void connect_two(int ends[2])
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(bind(listener, (struct sockaddr *)&address, size), 0);
    CHECK_EQ(listen(listener, 1), 0);
    CHECK_EQ(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    ends[0] = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(ends[0], (struct sockaddr *)&address, size), 0);
    ends[1] = accept(listener, NULL, NULL);
    CHECK(ends[1] >= 0);
    CHECK_EQ(close(listener), 0);
}

int main(void)
{
    static const char text[MESSAGE];
    int ends[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
    connect_two(ends);
    stream = ends[1];
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(send(pair[0], text, MESSAGE, 0), MESSAGE);
        CHECK_EQ(send(ends[0], text, MESSAGE, 0), MESSAGE);
    }
    pair_in_order();
}
