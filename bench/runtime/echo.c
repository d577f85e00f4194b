/* How many requests a second does a TCP echo serve, and how long do the slowest take?
 * Arguments: how many connections; 1 asks for the 99th percentile in microseconds, 0 for requests
 * a second, 2 for those that the kernel's part alone would allow. */
#include "bench.h"

#include <arpa/inet.h>
#include <goc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>

enum { REQUESTS = 200000, BYTES = 64, BUFFER = 4096, THREADS = 2, EVENTS = 128 };

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

/* ---- the kernel's part ------------------------------------------------------------------ */

/* A thread that has both ends of its connections and does nothing but what a message costs
 * goc: a send, a recv, and an edge of epoll's. */
struct bare {
    int listener;
    int connections;
    int epoll;
    int *left; /* by descriptor: how many questions it still has; -1: it answers */
};

static void bare_watch(struct bare *bare, int fd, int left)
{
    int one = 1;
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET, .data.fd = fd};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (fd < 0 || fd >= BUFFER || epoll_ctl(bare->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        abort();
    bare->left[fd] = left;
}

static void bare_send(int fd)
{
    static const char message[BYTES] = "question";
    if (send(fd, message, BYTES, MSG_DONTWAIT | MSG_NOSIGNAL) != BYTES)
        abort();
}

/* Returns how many answers came. */
static int bare_turn(const struct bare *bare)
{
    struct epoll_event events[EVENTS];
    char buffer[BUFFER];
    int answers = 0;
    int count = epoll_wait(bare->epoll, events, EVENTS, 0);
    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;
        if (!(events[i].events & EPOLLIN) ||
            recv(fd, buffer, BUFFER, MSG_DONTWAIT) != BYTES)
            continue;
        answers += bare->left[fd] >= 0;
        if (bare->left[fd] != 0)
            bare_send(fd);
        if (bare->left[fd] > 0)
            bare->left[fd]--;
    }
    return answers;
}

static void *bare_run(void *argument)
{
    struct bare *bare = argument;
    int each = REQUESTS / THREADS / bare->connections;
    for (int fd = 0, left = each * bare->connections; left > 0; left -= bare_turn(bare))
        for (; fd < BUFFER; fd++)
            if (bare->left[fd] > 0 && bare->left[fd]--)
                bare_send(fd);
    return NULL;
}

static void bare_connect(struct bare *bare)
{
    bare->epoll = epoll_create1(0);
    bare->left = calloc(BUFFER, sizeof *bare->left);
    for (int i = 0; i < bare->connections; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
            abort();
        bare_watch(bare, fd, REQUESTS / THREADS / bare->connections);
        bare_watch(bare, accept(bare->listener, NULL, NULL), -1);
    }
}

static void measure_kernel(int listener, int connections)
{
    struct bare bares[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        bares[i] =
            (struct bare){.listener = listener, .connections = connections / THREADS};
        bare_connect(&bares[i]);
    }
    int64_t start = bench_now_ns();
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, bare_run, &bares[i]) != 0)
            abort();
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    bench_print(REQUESTS / ((double)(bench_now_ns() - start) / 1e9));
}

/* ---- the measurement -------------------------------------------------------------------- */

static int later(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    int connections = bench_argument(argc, argv, 1, 64);
    int question = bench_argument(argc, argv, 2, 0);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 ||
        listen(listener, 1024) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        abort();
    if (question == 2) {
        measure_kernel(listener, connections);
        return 0;
    }
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
    bench_print(question == 1 ? (double)latencies[count * 99 / 100] / 1000
                              : (double)count / seconds);
}
