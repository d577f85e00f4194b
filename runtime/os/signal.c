#include "signal.h"

#include "base/start.h"
#include "syscall.h"

#include <pthread.h>
#include <unistd.h>

/* By glibc's own name, lest os/handlers.c, which stands at the other, comes into every program; where
 * there are events, by the one that ThreadSanitizer sees. */
#ifdef GOC_RACE
#define ACTION sigaction
#else
#define ACTION __sigaction
extern int __sigaction(int number, const struct sigaction *action,
                       struct sigaction *before);
#endif

/* The kernel's sets end after the last signal there is. */
enum { KERNEL_SET_BYTES = (_NSIG - 1) / 8 };

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

bool goc__signals_is_default(int signal)
{
    struct sigaction now;
    return ACTION(signal, NULL, &now) == 0 && now.sa_handler == SIG_DFL;
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
