/* How many requests a second does a TCP echo serve, and how long do the slowest take?
 * Arguments: how many connections; 1 asks for the 99th percentile in microseconds, 0 for requests
 * a second. */
#include "bench.h"

#include <arpa/inet.h>
#include <goc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

enum { REQUESTS = 200000, BYTES = 64, BUFFER = 4096 };

static struct sockaddr_in address = {.sin_family = AF_INET};

static void serve(int fd)
{
    char buffer[BUFFER];
    ssize_t got;
    while ((got = goc_read(fd, buffer, sizeof buffer)) > 0)
        if (goc_write(fd, buffer, (size_t)got) != got)
            break;
    goc_close(fd);
}

static void accept_all(int listener)
{
    int one = 1;
    int fd;
    while ((fd = goc_accept(listener, NULL, NULL)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        go serve(fd);
    }
}

static void ask(int fd, int count, int64_t *latencies, goc_waitgroup *done)
{
    char question[BYTES] = "question";
    char answer[BUFFER];
    for (int i = 0; i < count; i++) {
        int64_t start = bench_now_ns();
        if (goc_write(fd, question, BYTES) != BYTES)
            abort();
        for (ssize_t have = 0, got; have < BYTES; have += got)
            if ((got = goc_read(fd, answer, BUFFER)) <= 0)
                abort();
        latencies[i] = bench_now_ns() - start;
    }
    goc_close(fd);
    goc_waitgroup_done(done);
}

static int connect_once(void)
{
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (goc_connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        abort();
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static int later(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    int connections = bench_argument(argc, argv, 1, 64);
    bool percentile = bench_argument(argc, argv, 2, 0);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 ||
        listen(listener, 1024) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        abort();
    go accept_all(listener);

    int each = REQUESTS / connections;
    int64_t *latencies = malloc(sizeof *latencies * REQUESTS);
    int *fds = malloc(sizeof *fds * (size_t)connections);
    goc_waitgroup done = {0};
    for (int i = 0; i < connections; i++)
        fds[i] = connect_once();
    goc_waitgroup_add(&done, connections);
    int64_t start = bench_now_ns();
    for (int i = 0; i < connections; i++)
        go ask(fds[i], each, latencies + i * each, &done);
    goc_waitgroup_wait(&done);
    double seconds = (double)(bench_now_ns() - start) / 1e9;
    size_t count = (size_t)(each * connections);
    qsort(latencies, count, sizeof *latencies, later);
    bench_print(percentile ? (double)latencies[count * 99 / 100] / 1000
                           : (double)count / seconds);
}
