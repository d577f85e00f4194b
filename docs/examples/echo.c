/* A server that echoes, and clients that talk to it: a goroutine for each connection, and no
 * thread for any.  Without an argument it serves three clients of its own; with a port it serves
 * whoever comes. */
#include <arpa/inet.h>
#include <goc.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static goc_waitgroup clients;

static void serve(int connection)
{
    char buffer[4096];
    ssize_t got;
    while ((got = goc_read(connection, buffer, sizeof buffer)) > 0)
        if (goc_write(connection, buffer, (size_t)got) != got)
            break;
    goc_close(connection);
}

static void accept_all(int listener)
{
    int connection;
    while ((connection = goc_accept(listener, NULL, NULL)) >= 0)
        go serve(connection);
    printf("closed: %s\n", strerror(-connection));
}

static void ask(struct sockaddr_in server, const char *question)
{
    char answer[64];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int result = goc_connect(fd, (struct sockaddr *)&server, sizeof server);
    if (result < 0)
        printf("%s\n", strerror(-result));
    goc_write(fd, question, strlen(question));
    ssize_t got =
        goc_read_until(fd, answer, sizeof answer, goc_deadline_after(10 * GOC_SECOND));
    printf("%.*s\n", (int)got, answer);
    goc_close(fd);
    goc_waitgroup_done(&clients);
}

static int listen_on(struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t size = sizeof *address;
    if (bind(fd, (struct sockaddr *)address, size) != 0 || listen(fd, 128) != 0 ||
        getsockname(fd, (struct sockaddr *)address, &size) != 0) {
        perror("listen");
        exit(1);
    }
    return fd;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (argc > 1)
        address.sin_port = htons((uint16_t)atoi(argv[1]));
    int listener = listen_on(&address);
    chan(int) over = chan_make(int, 0);
    go ^{
        accept_all(listener);
        chan_send(over, 1);
    }();
    if (argc > 1)
        chan_recv(over);
    goc_waitgroup_add(&clients, 3);
    go ask(address, "one");
    go ask(address, "two");
    go ask(address, "three");
    goc_waitgroup_wait(&clients);
    goc_close(listener);
    chan_recv(over);
}

// CHECK-DAG: one
// CHECK-DAG: two
// CHECK-DAG: three
// CHECK: closed: Bad file descriptor
