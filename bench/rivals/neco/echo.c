#include "../echo.h"

#include <neco.h>

static void await_fd(int fd, bool to_write)
{
    if (neco_wait(fd, to_write ? NECO_WAIT_WRITE : NECO_WAIT_READ) != NECO_OK)
        abort();
}

static void serve(int argc, void **argv)
{
    (void)argc;
    int fd = (int)(intptr_t)argv[0];
    echo_serve(fd);
    close(fd);
}

static void ask(int argc, void **argv)
{
    (void)argc;
    int fd = (int)(intptr_t)argv[0];
    echo_ask(fd, (int)(intptr_t)argv[1], argv[2]);
    close(fd);
    neco_waitgroup_done(argv[3]);
}

static void measure(int argc, void **argv)
{
    int connections = bench_argument(argc, (char **)argv, 1, 64);
    int each = ECHO_REQUESTS / connections;
    int *fds = malloc(sizeof *fds * (size_t)connections);
    neco_waitgroup done = NECO_WAITGROUP_INITIALIZER;
    int listener;
    echo_listen(&listener);
    for (int i = 0; i < connections; i++) {
        int server;
        echo_connect(listener, &fds[i], &server);
        neco_start(serve, 1, (void *)(intptr_t)server);
    }
    neco_waitgroup_add(&done, connections);
    int64_t start = bench_now_ns();
    for (int i = 0; i < connections; i++)
        neco_start(ask, 4, (void *)(intptr_t)fds[i], (void *)(intptr_t)each,
                   echo_latencies + i * each, &done);
    neco_waitgroup_wait(&done);
    echo_print(start, (size_t)(each * connections),
               bench_argument(argc, (char **)argv, 2, 0));
    exit(0);
}

int main(int argc, char **argv)
{
    neco_startv(measure, argc, (void **)argv);
}
