/* Ten thousand connections on loopback, a goroutine at each end, all open at once: every one of
 * them gets its answers.  Two processes share the descriptors, one for each side. */
#include <arpa/inet.h>
#include <check.h>
#include <goc.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECTIONS = 10000, ROUNDS = 5, SKIPPED = 77 };

static struct sockaddr_in address = {.sin_family = AF_INET};
static goc_waitgroup connected;
static goc_waitgroup served;
static goc_waitgroup asked;
static int connections[CONNECTIONS];

static void serve(int fd)
{
    char buffer[64];
    ssize_t got;
    while ((got = goc_read(fd, buffer, sizeof buffer)) > 0)
        CHECK_EQ(goc_write(fd, buffer, (size_t)got), got);
    CHECK_EQ(got, 0);
    CHECK_EQ(goc_close(fd), 0);
    goc_waitgroup_done(&served);
}

static void accept_all(int listener)
{
    int fd;
    while ((fd = goc_accept(listener, NULL, NULL)) >= 0)
        go serve(fd);
}

static void connect_one(int i)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(fd >= 0);
    CHECK_EQ(goc_connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    connections[i] = fd;
    goc_waitgroup_done(&connected);
}

static void ask(int i, chan_recv_only(int) start)
{
    int fd = connections[i];
    chan_recv_ok(start, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        int answer = -1;
        CHECK_EQ(goc_write(fd, &i, sizeof i), sizeof i);
        CHECK_EQ(goc_read(fd, &answer, sizeof answer), sizeof answer);
        CHECK_EQ(answer, i);
    }
    CHECK_EQ(goc_close(fd), 0);
    goc_waitgroup_done(&asked);
}

static void raise_limit(void)
{
    struct rlimit limit;
    CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur < CONNECTIONS + 100) {
        printf("skipped: at most %llu descriptors\n", (unsigned long long)limit.rlim_cur);
        exit(SKIPPED);
    }
}

static void ask_all(void)
{
    goc_waitgroup_add(&asked, CONNECTIONS);
    chan(int) start = chan_make(int, 0);
    for (int i = 0; i < CONNECTIONS; i++) {
        goc_waitgroup_add(&connected, 1);
        go connect_one(i);
        if (i % 500 == 499) /* no more at once than the listener's queue holds */
            goc_waitgroup_wait(&connected);
    }
    goc_waitgroup_wait(&connected);
    for (int i = 0; i < CONNECTIONS; i++)
        go ask(i, start);
    chan_close(start);
    goc_waitgroup_wait(&asked);
}

int main(void)
{
    raise_limit();
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(bind(listener, (struct sockaddr *)&address, size), 0);
    CHECK_EQ(listen(listener, 4096), 0);
    CHECK_EQ(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    pid_t client = fork();
    if (client == 0) {
        CHECK_EQ(close(listener), 0);
        ask_all();
        return 0;
    }
    goc_waitgroup_add(&served, CONNECTIONS);
    go accept_all(listener);
    int status;
    CHECK_EQ(waitpid(client, &status, 0), client);
    CHECK_EQ(status, 0);
    goc_waitgroup_wait(&served);
    CHECK_EQ(goc_close(listener), 0);
    printf("%d connections\n", CONNECTIONS);
}

// CHECK: 10000 connections
