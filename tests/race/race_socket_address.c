/* accept writes who it is that it accepts. */
#include "pair.h"

#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_un from;
static socklen_t size = sizeof from;
static int listener;
static int client;

static void first(void)
{
    CHECK(accept(listener, (struct sockaddr *)&from, &size) >= 0);
}

static void second(void)
{
    CHECK_EQ(from.sun_family, AF_UNIX);
}

int main(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    socklen_t length = sizeof name;
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK_EQ(bind(listener, (struct sockaddr *)&name, sizeof name.sun_family), 0);
    CHECK_EQ(listen(listener, 1), 0);
    CHECK_EQ(getsockname(listener, (struct sockaddr *)&name, &length), 0);
    client = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK_EQ(connect(client, (struct sockaddr *)&name, length), 0);
    pair_in_order();
}
