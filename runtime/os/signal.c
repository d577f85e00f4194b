#include "signal.h"

#include "base/start.h"
#include "syscall.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

/* By glibc's own name, lest os/handlers.c, which stands at the other, comes into every program;
 * where there are events, by the one that ThreadSanitizer sees. */
#ifdef GOC_RACE
#define ACTION sigaction
#else
#define ACTION __sigaction
extern int __sigaction(int number, const struct sigaction *action,
                       struct sigaction *before);
#endif

/* The kernel's sets end after the last signal there is. */
enum { KERNEL_SET_BYTES = (_NSIG - 1) / 8 };

#define NS_PER_S INT64_C(1000000000)

AT_START static sigset_t saved_mask; /* const after goc__signals_save_mask */

/* By the system call, which the dynamic linker need not look for; where there are events, so that a
 * detector hears of it. */
void goc__signals_mask(const sigset_t *mask, sigset_t *before)
{
#ifdef GOC_RACE
    pthread_sigmask(SIG_SETMASK, mask, before);
#else
    syscall6(SYS_rt_sigprocmask, SIG_SETMASK, (long)mask, (long)before, KERNEL_SET_BYTES,
             0, 0);
#endif
}

void goc__signals_save_mask(void)
{
    goc__signals_mask(NULL, &saved_mask);
}

void goc__signals_restore_mask(void)
{
    goc__signals_mask(&saved_mask, NULL);
}

void goc__signals_set_stack(void *stack, size_t size)
{
    stack_t now = {.ss_flags = SS_DISABLE};
    if (syscall3(SYS_sigaltstack, 0, (long)&now, 0) == 0 && !(now.ss_flags & SS_DISABLE))
        return;
    stack_t wanted = {.ss_sp = stack, .ss_size = size};
    syscall3(SYS_sigaltstack, (long)&wanted, 0, 0);
}

void goc__signals_install(int signal, void (*handler)(int, siginfo_t *, void *),
                          struct sigaction *before)
{
    struct sigaction action = {.sa_sigaction = handler,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
    ACTION(signal, &action, before);
}

/* The kernel is asked: a sanitizer does not tell of the handlers that are its own. */
bool goc__signals_is_default(int signal)
{
    struct {
        void (*handler)(int);
        unsigned long flags;
        void (*restorer)(void);
        uint64_t mask;
    } now = {0};
    return syscall6(SYS_rt_sigaction, signal, 0, (long)&now, sizeof now.mask, 0, 0) ==
               0 &&
           now.handler == SIG_DFL;
}

int goc__signals_send(int tid, int signal)
{
    return (int)syscall3(SYS_tgkill, getpid(), tid, signal);
}

void goc__signals_default(int signal)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    ACTION(signal, &action, NULL);
}

static void change_mask(int how, uint64_t mask)
{
    syscall6(SYS_rt_sigprocmask, how, (long)&mask, 0, sizeof mask, 0, 0);
}

void goc__signals_block(int signal)
{
    change_mask(SIG_BLOCK, SIGNAL_BIT(signal));
}

void goc__signals_unblock(int signal)
{
    change_mask(SIG_UNBLOCK, SIGNAL_BIT(signal));
}

uint64_t goc__signals_hold(uint64_t signals)
{
    uint64_t before = 0;
    syscall6(SYS_rt_sigprocmask, SIG_BLOCK, (long)&signals, (long)&before,
             KERNEL_SET_BYTES, 0, 0);
    return before;
}

void goc__signals_let_go(uint64_t signals, uint64_t before, bool raised)
{
    const struct timespec now = {0};
    uint64_t ours = signals & ~before; /* one that was blocked already is the program's */
    if (raised && ours != 0)
        syscall6(SYS_rt_sigtimedwait, (long)&ours, 0, (long)&now, KERNEL_SET_BYTES, 0, 0);
    syscall6(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, KERNEL_SET_BYTES, 0, 0);
}

void goc__signals_again(int tid, const siginfo_t *info)
{
    siginfo_t copy = *info;
    if (syscall6(SYS_rt_tgsigqueueinfo, getpid(), tid, info->si_signo, (long)&copy, 0,
                 0) != 0)
        goc__signals_send(tid, info->si_signo);
}

void goc__signals_after(int tid, int signal, int64_t ns)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = signal};
    event._sigev_un._tid = tid;
    struct itimerspec when = {
        .it_value = {.tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S}};
    int timer = 0; /* the kernel's, not libc's, whose functions allocate */
    if (syscall3(SYS_timer_create, CLOCK_MONOTONIC, (long)&event, (long)&timer) == 0)
        syscall6(SYS_timer_settime, timer, 0, (long)&when, 0, 0, 0);
}
