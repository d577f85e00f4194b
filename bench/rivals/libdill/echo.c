#include "../echo.h"

#include <libdill.h>

static void await_fd(int fd, bool to_write)
{
    if ((to_write ? fdout(fd, -1) : fdin(fd, -1)) != 0)
        abort();
}

static coroutine void serve(int fd)
{
    echo_serve(fd);
    fdclean(fd);
    close(fd);
}

static coroutine void ask(int fd, int count, int64_t *latencies)
{
    echo_ask(fd, count, latencies);
    fdclean(fd);
    close(fd);
}

int main(int argc, char **argv)
{
    int connections = bench_argument(argc, argv, 1, 64);
    int each = ECHO_REQUESTS / connections;
    int *fds = malloc(sizeof *fds * (size_t)connections);
    int servers = bundle(), askers = bundle();
    int listener;
    echo_listen(&listener);
    for (int i = 0; i < connections; i++) {
        int server;
        echo_connect(listener, &fds[i], &server);
        if (bundle_go(servers, serve(server)) != 0)
            abort();
    }
    int64_t start = bench_now_ns();
    for (int i = 0; i < connections; i++)
        if (bundle_go(askers, ask(fds[i], each, echo_latencies + i * each)) != 0)
            abort();
    if (bundle_wait(askers, -1) != 0)
        abort();
    echo_print(start, (size_t)(each * connections), bench_argument(argc, argv, 2, 0));
}
