/* The echo that every rival of C's is asked for: plain non-blocking calls, and who gets EAGAIN
 * waits as the rival waits for a descriptor.
 *
 * The program defines await_fd(), makes its coroutines of echo_serve() and echo_ask(), and is
 * asked what bench/runtime/echo.c is: connections, and 1 for the 99th percentile.
 */
#ifndef BENCH_RIVALS_ECHO_H
#define BENCH_RIVALS_ECHO_H

#include "../bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ECHO_REQUESTS = 200000, ECHO_BYTES = 64, ECHO_BUFFER = 4096 };

static struct sockaddr_in echo_address = {.sin_family = AF_INET};
static int64_t echo_latencies[ECHO_REQUESTS];

/* Lets others go on until FD can be read from, or written to. */
static void await_fd(int fd, bool to_write);

static bool echo_must_wait(ssize_t got)
{
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

static ssize_t echo_receive(int fd, char *buffer)
{
    ssize_t got;
    while (echo_must_wait(got = recv(fd, buffer, ECHO_BUFFER, MSG_DONTWAIT)))
        await_fd(fd, false);
    return got;
}

static void echo_send(int fd, const char *bytes, size_t size)
{
    ssize_t sent;
    while (echo_must_wait(sent = send(fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL)))
        await_fd(fd, true);
    if (sent != (ssize_t)size)
        abort();
}

static void echo_serve(int fd)
{
    char buffer[ECHO_BUFFER];
    ssize_t got;
    while ((got = echo_receive(fd, buffer)) > 0)
        echo_send(fd, buffer, (size_t)got);
}

static void echo_ask(int fd, int count, int64_t *latencies)
{
    char question[ECHO_BYTES] = "question";
    char answer[ECHO_BUFFER];
    for (int i = 0; i < count; i++) {
        int64_t start = bench_now_ns();
        echo_send(fd, question, ECHO_BYTES);
        for (ssize_t have = 0, got; have < ECHO_BYTES; have += got)
            if ((got = echo_receive(fd, answer)) <= 0)
                abort();
        latencies[i] = bench_now_ns() - start;
    }
}

static void echo_listen(int *listener)
{
    socklen_t size = sizeof echo_address;
    *listener = socket(AF_INET, SOCK_STREAM, 0);
    echo_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(*listener, (struct sockaddr *)&echo_address, size) != 0 ||
        listen(*listener, 1024) != 0 ||
        getsockname(*listener, (struct sockaddr *)&echo_address, &size) != 0)
        abort();
}

/* A connection's two ends: the kernel accepts by itself, so this waits for nobody. */
static void echo_connect(int listener, int *asker, int *server)
{
    int one = 1;
    *asker = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(*asker, (struct sockaddr *)&echo_address, sizeof echo_address) != 0)
        abort();
    *server = accept(listener, NULL, NULL);
    setsockopt(*asker, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(*server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static int echo_later(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void echo_print(int64_t start_ns, size_t count, int question)
{
    double seconds = (double)(bench_now_ns() - start_ns) / 1e9;
    qsort(echo_latencies, count, sizeof echo_latencies[0], echo_later);
    bench_print(question == 1 ? (double)echo_latencies[count * 99 / 100] / 1000
                              : (double)count / seconds);
}

#endif
