/* clone, execve, wait: without libc, whose own ways allocate, run handlers of the program
 * or are interceptors. */
#include "record/reporter.h"

#include "base/compiler.h"
#include "base/environment.h"
#include "base/out.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define STDIN 0
#define FIRST_OTHER 3 // after standard input, output and error
#define OTHERS_MAX 1024
#define FD_MIN 512 // out of the way of a program that counts its descriptors
#define PATH_BYTES 4096
#define KERNEL_SIGNAL_BYTES 8
#define STACK_BYTES 16384
#define EXIT_CANNOT_EXEC 127
#define NAME "goc-race"

static int child = -1; // the reporter's process

/* What the child does, on a stack of its own and in our memory until it execs. */
struct start {
    const char *path; // executed
    int input;        // becomes its standard input
    uint64_t signals; // the mask it gets
    int error;        // out: why it could not be executed
};

/* The program's descriptors are not the reporter's: a pipe whose end it had would never end. */
static void close_others(void)
{
    if (race__sys3(SYS_close_range, FIRST_OTHER, UINT32_MAX, 0) == 0)
        return;
    for (int fd = FIRST_OTHER; fd < OTHERS_MAX; fd++) // before Linux 5.9
        race__sys3(SYS_close, fd, 0, 0);
}

static int run(void *argument)
{
    struct start *start = argument;
    const char *const arguments[] = {NAME, "report", "--stream", NULL};
    if (start->input == STDIN)
        race__sys3(SYS_fcntl, STDIN, F_SETFD, 0);
    else
        race__sys3(SYS_dup2, start->input, STDIN, 0);
    close_others();
    race__sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&start->signals, 0,
               KERNEL_SIGNAL_BYTES);
    start->error =
        (int)-race__sys3(SYS_execve, (long)start->path, (long)arguments, (long)environ);
    return EXIT_CANNOT_EXEC;
}

/* As vfork, with a stack for the child: the caller goes on when the child has exec'd or
 * ended.  No signal is sent at its end, so that only a wait for it (__WALL) finds it. */
static long clone_and_run(struct start *start)
{
    static char stack[STACK_BYTES] __attribute__((__aligned__(16)));
    long result;
    register long top __asm__("rsi") = (long)(stack + sizeof stack);
    register long flags __asm__("rdi") = CLONE_VM | CLONE_VFORK;
    register struct start *argument __asm__("r8") = start;
    register int (*function)(void *) __asm__("r9") = run;
    __asm__ volatile("xor %%edx, %%edx\n\t"
                     "xor %%r10d, %%r10d\n\t"
                     "syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "mov %%r8, %%rdi\n\t"
                     "call *%%r9\n\t"
                     "mov %%eax, %%edi\n\t"
                     "mov %[exit], %%eax\n\t"
                     "syscall\n\t"
                     "ud2\n"
                     "1:"
                     : "=a"(result), "+r"(flags), "+r"(top)
                     : "a"(SYS_clone), "r"(argument), "r"(function), [exit] "i"(SYS_exit)
                     : "rcx", "rdx", "r10", "r11", "memory", "cc");
    return result;
}

/* Out of the way, and closed in whatever the program executes. */
static int move_up(int fd)
{
    long moved = race__sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, FD_MIN);
    if (moved < 0)
        return fd; // a low limit of descriptors: it stays where it is
    race__sys3(SYS_close, fd, 0, 0);
    return (int)moved;
}

/* Each directory of PATH with NAME, one after the other into BYTES. */
static const char *next_in_path(const char **path, char *bytes)
{
    struct race__text text = {.bytes = bytes, .capacity = PATH_BYTES - 1};
    if (*path == NULL || **path == '\0')
        return NULL;
    for (; **path != '\0' && **path != ':'; ++*path)
        race__text_char(&text, **path);
    if (**path == ':')
        ++*path;
    race__text_string(&text, "/" NAME);
    bytes[text.length] = '\0';
    return bytes;
}

/* The child's process number, or a negative errno. */
static int start_one(const char *path, int input, uint64_t signals)
{
    struct start start = {.path = path, .input = input, .signals = signals};
    long process = clone_and_run(&start);
    if (process < 0)
        return (int)process;
    if (start.error == 0)
        return (int)process;
    race__sys4(SYS_wait4, process, 0, __WALL, 0);
    return -start.error;
}

static int start_any(int input, uint64_t signals)
{
    char bytes[PATH_BYTES];
    const char *chosen = race__variable(environ, "GOC_RACE_REPORTER");
    if (chosen != NULL)
        return start_one(chosen, input, signals);
    int process = start_one(GOC_RACE_PATH, input, signals);
    const char *path = race__variable(environ, "PATH");
    for (const char *at; process < 0 && (at = next_in_path(&path, bytes)) != NULL;)
        process = start_one(at, input, signals);
    return process;
}

int race__reporter_start(void)
{
    int ends[2] = {-1, -1};
    uint64_t all = UINT64_MAX;
    uint64_t signals = 0;
    long result =
        race__sys4(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, (long)ends);
    if (result < 0)
        return (int)result;
    ends[0] = move_up(ends[0]);
    race__sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&signals,
               KERNEL_SIGNAL_BYTES);
    child = start_any(ends[1], signals);
    race__sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&signals, 0, KERNEL_SIGNAL_BYTES);
    race__sys3(SYS_close, ends[1], 0, 0);
    if (child > 0)
        return ends[0];
    race__sys3(SYS_close, ends[0], 0, 0);
    return child;
}

void race__reporter_finish(int fd)
{
    race__sys3(SYS_shutdown, fd, SHUT_WR, 0); // ends its input, whoever has a copy of FD
    race__sys3(SYS_close, fd, 0, 0);
    while (race__sys4(SYS_wait4, child, 0, __WALL, 0) == -EINTR)
        ;
}
