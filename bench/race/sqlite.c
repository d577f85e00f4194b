/* SQLite's own speed test over a database in memory; what it prints goes nowhere. */
#define main speedtest_main
#include "speedtest1.c"
#undef main

#include "bench.h"

#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char *size = argc > 1 ? argv[1] : "3";
    char *arguments[] = {"speedtest1", "--memdb", "--size", size, NULL};
    int ours = dup(STDOUT_FILENO);
    int nowhere = open("/dev/null", O_WRONLY);
    if (ours < 0 || nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
        abort();
    int64_t start = bench_now_ns();
    if (speedtest_main(4, arguments) != 0)
        abort();
    int64_t ended = bench_now_ns();
    fflush(stdout);
    if (dup2(ours, STDOUT_FILENO) < 0)
        abort();
    bench_print((double)(ended - start) / 1e6);
}
