/* Go's io_test.go: what goes through a file or a socket has happened before it arrives. */
#include "cases.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

static int count_in(const char *path)
{
    char buffer[100];
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return 0;
    ssize_t count = read(fd, buffer, sizeof buffer);
    close(fd);
    return (int)count;
}

CASE(NoRaceIOFile)
{
    static char folder[] = "go-case-XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    static char path[sizeof folder + 8];
    snprintf(path, sizeof path, "%s/data", folder);
    __block int x = 0;
    go ^{
        x = 42;
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        CHECK_EQ(write(fd, "done", 4), 4);
        close(fd);
    }();
    while (count_in(path) == 0)
        goc_yield();
    use(x);
    unlink(path);
    rmdir(folder);
}

static int handler_data;

static void handle(int connection)
{
    char request[16];
    CHECK(goc_read(connection, request, sizeof request) > 0);
    handler_data++;
    CHECK_EQ(goc_write(connection, "test", 4), 4);
    goc_close(connection);
}

static void serve(int listener, int requests)
{
    for (; requests > 0; requests--) {
        int connection = goc_accept(listener, NULL, NULL);
        CHECK(connection >= 0);
        go handle(connection);
    }
}

static void get(struct sockaddr_in server)
{
    char answer[16];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(goc_connect(fd, (struct sockaddr *)&server, sizeof server), 0);
    CHECK_EQ(goc_write(fd, "GET /", 5), 5);
    CHECK_EQ(goc_read(fd, answer, sizeof answer), 4);
    goc_close(fd);
}

CASE(NoRaceIOHttp)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(bind(listener, (struct sockaddr *)&address, size), 0);
    CHECK_EQ(listen(listener, 8), 0);
    CHECK_EQ(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    go serve(listener, 2);
    handler_data++;
    get(address);
    handler_data++;
    get(address);
    handler_data++;
}
