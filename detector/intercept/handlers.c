/* sigaction, signal: the program's handlers are called by ours, which makes each a strand
 * (entry/handlers.h).
 *
 * A handler that comes while its thread is inside the detector waits until the thread
 * leaves it, a moment that the thread may have been at as well: a copy of what the kernel
 * gave is kept, and the handler runs under the mask that it would have had; where the thread has a
 * signal stack that the handler is to run on, the thread sends itself the signal once more, with
 * what the kernel gave, so that the kernel calls the handler there.  Not so where
 * the signal is the thread's own doing, a fault; nor where QUEUE_MAX wait already, nor on
 * a thread that the detector does not know: that handler runs at once and is not seen.
 *
 * A runtime's own handlers are not the program's, and stay as they are.
 */
#include "entry/handlers.h"

#include "base/sys.h"
#include "entry/access.h"
#include "entry/boot.h"
#include "entry/events.h"
#include "intercept/masks.h"
#include "intercept/next.h"
#include "state/strand.h"

#include <signal.h>
#include <ucontext.h>

RACE_NEXT(sigaction)
RACE_NEXT(signal)
RACE_NEXT(__sysv_signal)
RACE_NEXT(sysv_signal)

#define KERNEL_SIGNAL_BYTES 8
#define QUEUE_MAX 4
#define STANDARD_MAX 31 // signals that do not queue

typedef void handler(int signal, siginfo_t *info, void *context);

static uintptr_t functions[_NSIG]; // atomic: of the program, whatever they take
static uint64_t masks[_NSIG];      // atomic: blocked while it runs

struct arrival {
    int signal;
    bool informed; // INFO and CONTEXT are there
    siginfo_t info;
    ucontext_t context;
};

/* What waits for the calling thread to leave the detector, first come first.  Guard: all
 * signals are blocked. */
static RACE_THREAD_LOCAL struct {
    uint32_t count;
    struct arrival arrival[QUEUE_MAX];
} queue;

static uint64_t set_mask(uint64_t mask)
{
    uint64_t before = 0;
    race__sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, (long)&before,
               KERNEL_SIGNAL_BYTES);
    return before;
}

/* What a thread brings on itself.  Sent by somebody, such a signal has a code of 0 or less. */
static bool is_own_doing(int signal, const siginfo_t *info)
{
    switch (signal) {
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGTRAP:
    case SIGSYS:
        return info == NULL || info->si_code > 0;
    case SIGPIPE:
    case SIGXFSZ:
    case SIGABRT:
        return true;
    default:
        return false;
    }
}

static void run(int signal, siginfo_t *info, void *context)
{
    struct race__handling handling;
    bool called = race__self.raising == signal || is_own_doing(signal, info);
    race__handler_begin(&handling, signal, called, (uintptr_t)__builtin_frame_address(0));
    uintptr_t function = load_acquire(&functions[signal]);
    if (info != NULL)
        ((handler *)function)(signal, info, context);
    else
        ((__sighandler_t)function)(signal);
    race__handler_end(&handling);
}

/* As the kernel has it. */
struct action {
    uintptr_t function;
    unsigned long flags;
    uintptr_t restorer;
    uint64_t mask;
};

/* Is the calling thread on another stack than SIGNAL's handler asked for?  Not where the handler
 * was for one run, which the kernel has made of the first. */
static bool is_for_other_stack(int signal)
{
    struct action action = {0};
    stack_t stack = {.ss_flags = SS_DISABLE};
    race__sys4(SYS_rt_sigaction, signal, 0, (long)&action, KERNEL_SIGNAL_BYTES);
    race__sys3(SYS_sigaltstack, 0, (long)&stack, 0);
    return (action.flags & (SA_ONSTACK | SA_RESETHAND)) == SA_ONSTACK &&
           (stack.ss_flags & (SS_DISABLE | SS_ONSTACK)) == 0;
}

/* All signals are blocked: it comes when they no longer are. */
static bool send_again(const struct arrival *arrival)
{
    siginfo_t info = {.si_signo = arrival->signal, .si_code = SI_TKILL};
    return race__sys4(SYS_rt_tgsigqueueinfo, race__getpid(), race__gettid(),
                      arrival->signal,
                      (long)(arrival->informed ? &arrival->info : &info)) == 0;
}

static void run_deferred(void)
{
    uint64_t mask = set_mask(UINT64_MAX);
    race__self.deferred = NULL;
    while (queue.count != 0) {
        struct arrival first = queue.arrival[0];
        queue.count--;
        for (uint32_t i = 0; i < queue.count; i++)
            queue.arrival[i] = queue.arrival[i + 1];
        if (is_for_other_stack(first.signal) && send_again(&first))
            continue;
        set_mask(mask | load_relaxed(&masks[first.signal]));
        run(first.signal, first.informed ? &first.info : NULL,
            first.informed ? &first.context : NULL);
        set_mask(UINT64_MAX);
    }
    set_mask(mask);
}

/* One of the standard signals that waits already is the same one. */
static bool is_queued(int signal)
{
    for (uint32_t i = 0; i < queue.count; i++)
        if (queue.arrival[i].signal == signal && signal <= STANDARD_MAX)
            return true;
    return false;
}

static bool defer(int signal, const siginfo_t *info, const ucontext_t *context)
{
    if (!race__self.busy || is_own_doing(signal, info) || !race__handlers_are_strands())
        return false;
    uint64_t mask = set_mask(UINT64_MAX);
    bool queued = is_queued(signal);
    if (!queued && queue.count < QUEUE_MAX) {
        struct arrival *last = &queue.arrival[queue.count++];
        last->signal = signal;
        last->informed = info != NULL;
        if (info != NULL) {
            last->info = *info;
            last->context = *context;
            last->context.uc_mcontext.fpregs = NULL; // it points into the frame that goes
        }
        race__self.deferred = run_deferred;
        queued = true;
    }
    set_mask(mask);
    return queued;
}

/* What the kernel calls: for a handler that asked for SA_SIGINFO, and for one that did not. */
static void informed(int signal, siginfo_t *info, void *context)
{
    if (!defer(signal, info, context))
        run(signal, info, context);
}

static void plain(int signal)
{
    if (!defer(signal, NULL, NULL))
        run(signal, NULL, NULL);
}

/* SIG_DFL, SIG_IGN, SIG_HOLD and SIG_ERR are numbers. */
static bool is_function(uintptr_t function)
{
    return function > (uintptr_t)SIG_HOLD && function != (uintptr_t)SIG_ERR;
}

static bool is_ours(__sighandler_t function)
{
    return (uintptr_t)function == (uintptr_t)plain ||
           (uintptr_t)function == (uintptr_t)informed;
}

/* FUNCTION will be called for SIGNAL; the one before. */
static uintptr_t install(int signal, uintptr_t function, uint64_t mask, const void *pc)
{
    race__handler_install(signal, mask, pc);
    store_relaxed(&masks[signal], mask);
    uintptr_t before = load_relaxed(&functions[signal]);
    store_release(&functions[signal], function);
    return before;
}

RACE_INTERCEPT int sigaction(int signal, const struct sigaction *restrict action,
                             struct sigaction *restrict before)
{
    if (race__is_internal())
        return next_sigaction()(signal, action, before);
    bool known = race__signal_bit(signal) != 0 && race__is_up();
    uintptr_t old = known ? load_relaxed(&functions[signal]) : 0;
    struct sigaction ours;
    if (action != NULL) {
        race__read(action, sizeof *action, RACE_CALLER_PC());
        ours = *action;
    }
    if (known && action != NULL && is_function((uintptr_t)action->sa_handler)) {
        uint64_t mask = race__signals_of(&action->sa_mask);
        if ((action->sa_flags & SA_NODEFER) == 0)
            mask |= race__signal_bit(signal);
        old = install(signal, (uintptr_t)action->sa_handler, mask, RACE_CALLER_PC());
        if ((action->sa_flags & SA_SIGINFO) != 0)
            ours.sa_sigaction = informed;
        else
            ours.sa_handler = plain;
    }
    int result = next_sigaction()(signal, action != NULL ? &ours : NULL, before);
    if (result != 0)
        return result;
    if (before != NULL) {
        race__write(before, sizeof *before, RACE_CALLER_PC());
        if (is_ours(before->sa_handler))
            before->sa_handler = (__sighandler_t)old;
    }
    return result;
}

/* MASK is blocked while it runs. */
static __sighandler_t set_handler(__typeof__(signal) *next, int number,
                                  __sighandler_t function, uint64_t mask, const void *pc)
{
    bool known = race__signal_bit(number) != 0 && race__is_up();
    uintptr_t old = known ? load_relaxed(&functions[number]) : 0;
    bool wrapped = known && is_function((uintptr_t)function);
    if (wrapped)
        old = install(number, (uintptr_t)function, mask, pc);
    __sighandler_t before = next(number, wrapped ? plain : function);
    return is_ours(before) ? (__sighandler_t)old : before;
}

RACE_INTERCEPT __sighandler_t signal(int number, __sighandler_t function)
{
    return set_handler(next_signal(), number, function, race__signal_bit(number),
                       RACE_CALLER_PC());
}

/* What signal is to a program that is compiled to the letter of ISO C: the handler runs once,
 * and its signal is not blocked. */
RACE_INTERCEPT __sighandler_t __sysv_signal(int number, __sighandler_t function)
{
    return set_handler(next___sysv_signal(), number, function, 0, RACE_CALLER_PC());
}

RACE_INTERCEPT __sighandler_t sysv_signal(int number, __sighandler_t function)
{
    return set_handler(next_sysv_signal(), number, function, 0, RACE_CALLER_PC());
}
