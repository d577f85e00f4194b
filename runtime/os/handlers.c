#include "os/handlers.h"

#ifdef GOC_SMALL_STACKS
#include "base/atomic.h"
#include "os/syscall.h"

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* glibc's own name for it, which its other functions call as well. */
extern int __sigaction(int number, const struct sigaction *action,
                       struct sigaction *before) __attribute__((__weak__));

typedef void (*handler_function)(int);

enum { SIGNALS = 64 };

static uint32_t moving; // atomic: 1 once handlers are to be moved
static uint64_t ours;   // atomic: bit N - 1: SA_ONSTACK of signal N is not the program's
static uint64_t interrupting; // atomic: bit N - 1: siginterrupt(N, 1)

/* What the kernel takes: not libc's, whose own signals libc's function refuses. */
struct kernel_action {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

static uint64_t bit(int number)
{
    return UINT64_C(1) << ((uint32_t)(number - 1) % SIGNALS);
}

/* A handler that is there already. */
static void move_present(int number)
{
    struct kernel_action action = {0};
    if (syscall6(SYS_rt_sigaction, number, 0, (long)&action, sizeof action.mask, 0, 0) !=
        0)
        return;
    if (action.handler == SIG_DFL || action.handler == SIG_IGN ||
        action.flags & SA_ONSTACK)
        return;
    action.flags |= SA_ONSTACK;
    fetch_or_relaxed(&ours, bit(number));
    syscall6(SYS_rt_sigaction, number, (long)&action, 0, sizeof action.mask, 0, 0);
}

/* One that comes while goc__handlers_move goes through them either sees moving, before or after it
 * has installed its handler, or has installed it before that looks. */
static int install(int number, const struct sigaction *action, struct sigaction *before)
{
    bool known = number >= 1 && number <= SIGNALS;
    uint64_t hidden = known ? load_relaxed(&ours) & bit(number) : 0;
    struct sigaction moved;
    if (action != NULL && known) {
        moved = *action;
        bool add = load_seq_cst(&moving) != 0 && !(moved.sa_flags & SA_ONSTACK);
        if (add) {
            moved.sa_flags |= SA_ONSTACK;
            fetch_or_relaxed(&ours, bit(number));
        } else {
            fetch_and_relaxed(&ours, ~bit(number));
        }
        action = &moved;
    }
    int result = __sigaction(number, action, before);
    if (result != 0)
        return result;
    if (action != NULL && known && load_seq_cst(&moving) != 0)
        move_present(number);
    if (before != NULL && hidden)
        before->sa_flags &= ~SA_ONSTACK;
    return 0;
}

static handler_function install_plain(int number, handler_function handler, int flags)
{
    struct sigaction before;
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    if (handler == SIG_ERR || number < 1 || number > SIGNALS) {
        errno = EINVAL;
        return SIG_ERR;
    }
    if (flags & SA_RESTART)
        sigaddset(&action.sa_mask, number);
    if (load_relaxed(&interrupting) & bit(number))
        action.sa_flags &= ~SA_RESTART;
    return install(number, &action, &before) == 0 ? before.sa_handler : SIG_ERR;
}

/* ---- the program's names, POSIX's and glibc's ---------------------------------------------- */

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): glibc's own are reserved */

/* Weak: a program may have its own, and then gets no small stacks. */
#define PROGRAMS __attribute__((__weak__))

/* Declared for older standards only. */
PROGRAMS handler_function bsd_signal(int number, handler_function handler);

PROGRAMS __attribute__((__alias__("install"))) int
sigaction(int number, const struct sigaction *action, struct sigaction *before);

static handler_function signal_bsd(int number, handler_function handler)
{
    return install_plain(number, handler, SA_RESTART);
}

PROGRAMS __attribute__((__alias__("signal_bsd"))) handler_function
signal(int number, handler_function handler);

PROGRAMS handler_function bsd_signal(int number, handler_function handler)
{
    return install_plain(number, handler, SA_RESTART);
}

PROGRAMS handler_function ssignal(int number, handler_function handler)
{
    return install_plain(number, handler, SA_RESTART);
}

/* signal, where the program is compiled for System V. */
PROGRAMS handler_function __sysv_signal(int number, handler_function handler)
{
    return install_plain(number, handler, (int)SA_RESETHAND | SA_NODEFER);
}

PROGRAMS handler_function sysv_signal(int number, handler_function handler)
{
    return install_plain(number, handler, (int)SA_RESETHAND | SA_NODEFER);
}

/* What signal installs from now on, too. */
PROGRAMS int siginterrupt(int number, int interrupt)
{
    struct sigaction action;
    if (install(number, NULL, &action) != 0)
        return -1;
    if (interrupt) {
        fetch_or_relaxed(&interrupting, bit(number));
        action.sa_flags &= ~SA_RESTART;
    } else {
        fetch_and_relaxed(&interrupting, ~bit(number));
        action.sa_flags |= SA_RESTART;
    }
    return install(number, &action, NULL);
}

PROGRAMS handler_function sigset(int number, handler_function handler)
{
    sigset_t one;
    sigset_t blocked;
    struct sigaction before;
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    bool hold = handler == SIG_HOLD;
    if (install(number, hold ? NULL : &action, &before) != 0)
        return SIG_ERR;
    sigemptyset(&one);
    sigaddset(&one, number);
    pthread_sigmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &one, &blocked);
    return sigismember(&blocked, number) ? SIG_HOLD : before.sa_handler;
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* Whom a library calls by NAME. */
static bool finds(const char *name, const void *function)
{
    return dlsym(RTLD_DEFAULT, name) == function;
}

int goc__handlers_move(void)
{
    /* Not where the program has its own, or does not show libraries ours. */
    if (__sigaction == NULL || !finds("sigaction", (const void *)(uintptr_t)install) ||
        !finds("signal", (const void *)(uintptr_t)signal_bsd))
        return -ENOSYS;
    store_seq_cst(&moving, 1u);
    for (int number = 1; number <= SIGNALS; number++)
        move_present(number);
    return 0;
}

#else
#include <errno.h>

int goc__handlers_move(void)
{
    return -ENOSYS;
}
#endif
