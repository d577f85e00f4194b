#include "../echo.h"

#include <libmill.h>

static void await_fd(int fd, bool to_write)
{
    fdwait(fd, to_write ? FDW_OUT : FDW_IN, -1);
}

static coroutine void serve(int fd)
{
    echo_serve(fd);
    fdclean(fd);
    close(fd);
}

static coroutine void ask(int fd, int count, int64_t *latencies, chan done)
{
    echo_ask(fd, count, latencies);
    fdclean(fd);
    close(fd);
    chs(done, int, 0);
}

int main(int argc, char **argv)
{
    int connections = bench_argument(argc, argv, 1, 64);
    int each = ECHO_REQUESTS / connections;
    int *fds = malloc(sizeof *fds * (size_t)connections);
    chan done = chmake(int, 0);
    int listener;
    echo_listen(&listener);
    for (int i = 0; i < connections; i++) {
        int server;
        echo_connect(listener, &fds[i], &server);
        go(serve(server));
    }
    int64_t start = bench_now_ns();
    for (int i = 0; i < connections; i++)
        go(ask(fds[i], each, echo_latencies + i * each, done));
    for (int i = 0; i < connections; i++)
        chr(done, int);
    echo_print(start, (size_t)(each * connections), bench_argument(argc, argv, 2, 0));
}
