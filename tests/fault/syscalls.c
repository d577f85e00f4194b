/* A program that asks everything of the runtime, and makes one system call fail, from the start or
 * once the runtime has warmed up.
 *
 * Usage: syscalls CALL ERRNO early|late */
#include <arpa/inet.h>
#include <errno.h>
#include <goc.h>
#include <goc/io.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAIRS = 50, ROUNDS = 20, SLEEP_NS = 1000000, BLOCK_US = 3000, USAGE = 64 };

static const struct {
    const char *name;
    int number;
} calls[] = {
    {"mmap", SYS_mmap},
    {"munmap", SYS_munmap},
    {"madvise", SYS_madvise},
    {"mprotect", SYS_mprotect},
    {"clone", SYS_clone},
    {"clone3", SYS_clone3},
    {"membarrier", SYS_membarrier},
    {"futex", SYS_futex},
    {"clock_nanosleep", SYS_clock_nanosleep},
    {"openat", SYS_openat},
    {"pread64", SYS_pread64},
    {"sched_yield", SYS_sched_yield},
    {"sigaltstack", SYS_sigaltstack},
    {"rt_sigaction", SYS_rt_sigaction},
    {"rt_sigprocmask", SYS_rt_sigprocmask},
    {"prctl", SYS_prctl},
    {"epoll_create1", SYS_epoll_create1},
    {"epoll_ctl", SYS_epoll_ctl},
    {"epoll_pwait2", SYS_epoll_pwait2},
    {"ppoll", SYS_ppoll},
    {"io_uring_setup", SYS_io_uring_setup},
    {"io_uring_enter", SYS_io_uring_enter},
};

/* From now on CALL fails with ERROR, in every thread. */
static void make_fail(int call, int error)
{
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof program / sizeof *program, program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
                &filter) != 0) {
        printf("skipped: no seccomp here\n");
        exit(77);
    }
}

static void send_rounds(chan_send_only(int) c)
{
    for (int i = 0; i < ROUNDS; i++)
        chan_send(c, i);
    chan_close(c);
}

static void recv_rounds(chan_recv_only(int) c, goc_waitgroup *done)
{
    chan_range(value, c)
        goc_sleep(value ? 0 : SLEEP_NS); /* tidy: sleep, because timers ask the kernel */
    goc_waitgroup_done(done);
}

/* Channels, timers, a thread that blocks, large arguments, more Ps: all that asks the kernel. */
struct large {
    char bytes[16384];
};

static void take_large(struct large value, goc_waitgroup *done)
{
    goc_waitgroup_add(done, value.bytes[0]);
    goc_waitgroup_done(done);
}

/* Waits for the byte that is sent below, unless the wait itself fails. */
static void read_byte(int fd, chan_send_only(int) answer)
{
    char byte;
    chan_send(answer, (int)goc_read(fd, &byte, 1));
}

static void talk(bool by_pipe)
{
    int ends[2];
    if ((by_pipe ? pipe(ends) : socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) != 0)
        return;
    chan(int) answer = chan_make(int, 0);
    go read_byte(ends[0], answer);
    goc_sleep(SLEEP_NS); /* tidy: sleep, because a waiting reader is the subject */
    goc_write(ends[1], "x", 1);
    int got = chan_recv(answer);
    if (got != 1)
        printf("read: errno %d\n", -got);
    goc_close(ends[0]);
    goc_close(ends[1]);
}

/* The same by TCP, for GOC_DEBUG=iouring=1. */
static void talk_by_tcp(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    struct sockaddr *any = (struct sockaddr *)&address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int asker = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, any, size) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, any, &size) != 0 || goc_connect(asker, any, size) != 0)
        return;
    int answerer = goc_accept(listener, NULL, NULL);
    chan(int) answer = chan_make(int, 0);
    go read_byte(answerer, answer);
    goc_sleep(SLEEP_NS); /* tidy: sleep, because a waiting reader is the subject */
    goc_write(asker, "x", 1);
    printf("read by TCP: %d\n", chan_recv(answer));
    goc_close(listener);
    goc_close(asker);
    goc_close(answerer);
}

static void work(void)
{
    talk(false);
    talk(true);
    if (getenv("GOC_DEBUG") != NULL)
        talk_by_tcp();
    goc_waitgroup done = {0};
    struct large large = {{0}};
    goc_waitgroup_add(&done, PAIRS + 1);
    go take_large(large, &done);
    for (int i = 0; i < PAIRS; i++) {
        chan(int) c = chan_make(int, i % 3);
        go send_rounds(c);
        go recv_rounds(c, &done);
    }
    usleep(BLOCK_US); /* tidy: sleep, because a blocked thread is the subject */
    goc_waitgroup_wait(&done);
    goc_maxprocs(goc_maxprocs(0) + 1);
    goc_sleep(SLEEP_NS); /* tidy: sleep, because timers ask the kernel */
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return USAGE;
    int call = -1;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, argv[1]) == 0)
            call = calls[i].number;
    if (call < 0)
        return USAGE;
    printf("start\n");
    fflush(stdout);
    if (strcmp(argv[3], "late") == 0)
        work();
    make_fail(call, atoi(argv[2]));
    work();
    printf("finished\n");
    return 0;
}
