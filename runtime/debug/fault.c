/* SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT, where the program does not handle them: what
 * happened, in Go's words, and the stack of who runs; then the signal's default action, with the
 * same registers and the same siginfo, so that status and core file are what they would be without
 * us.
 *
 * The thread may hold any lock, malloc's and the dynamic linker's included, and its stack may be
 * overwritten.  So:
 *
 *   It allocates nothing, and nothing that it calls does.  Only the unwinder has to be loaded,
 *   which the monitor's thread does; if that does not answer in UNWINDER_NS, frame pointers have to
 *   do.
 *   A fault in the unwinder makes it go on with frame pointers, which are held against the stack's
 *   bounds.  Any other fault while it reports ends the process, by the signal that it reports.
 *   So does a timer of the kernel's, which sends that signal again after REPORT_NS.
 */
#include "debug/fault.h"

#include "base/atomic.h"
#include "base/panic.h"
#include "base/print.h"
#include "debug/death.h"
#include "debug/frames.h"
#include "debug/level.h"
#include "os/clock.h"
#include "os/signal.h"
#include "os/thread.h"
#include "sched/claim.h"
#include "sched/fiber.h"
#include "sched/monitor.h"

#include <inttypes.h>
#include <stdbool.h>
#include <ucontext.h>
#include <unistd.h>

#define UNWINDER_NS INT64_C(1000000000) /* loading a library takes less */
#define REPORT_NS INT64_C(13000000000)  /* more than symbols take, debug/symbols.c */
#define LOOK_NS INT64_C(100000)         /* between two looks at the monitor's answer */

static const struct {
    int number;
    const char *name;
    bool is_panic; /* Go makes a panic of it, and a fatal error where that cannot be */
    const char *words;
} signals[] = {
    {SIGSEGV, "SIGSEGV", true, "segmentation violation"},
    {SIGBUS, "SIGBUS", true, "bus error"},
    {SIGFPE, "SIGFPE", true, "floating-point exception"},
    {SIGILL, "SIGILL", false, "illegal instruction"},
    {SIGABRT, "SIGABRT", false, "abort"},
};

enum { SIGNALS = sizeof signals / sizeof *signals };

enum { NOBODY_ASKS, ASKED, LOADED };

enum { EXIT_PANIC = 2 }; /* Go's, as in base/panic.c */

static pid_t process;      /* const after goc__fault_start */
static int32_t reporter;   // atomic: the thread that reports; 0: none
static uint32_t unwinder;  // atomic: ASKED by the reporter, LOADED by the monitor
static siginfo_t reported; /* reporter */
static bool unwinding;     /* reporter: a fault leads to unwind_failed */
static void *unwind_failed[5];

/* By the signal that is reported, here and now. */
static void end(void)
{
    goc__signals_default(reported.si_signo);
    goc__signals_unblock(reported.si_signo);
    goc__signals_send(load_relaxed(&reporter), reported.si_signo);
    _exit(EXIT_PANIC); /* somebody has put a handler back meanwhile */
}

static void unblock_all(void)
{
    for (int i = 0; i < SIGNALS; i++)
        goc__signals_unblock(signals[i].number);
}

void goc__fault_again(const siginfo_t *info)
{
    int32_t self = load_relaxed(&reporter);
    if (self == 0 || self != goc__thread_id())
        return;
    if (!unwinding || info->si_code == SI_TIMER)
        end();
    unwinding = false;
    unblock_all();
    __builtin_longjmp(unwind_failed, 1);
}

void goc__fault_poll(void)
{
    if (load_acquire(&unwinder) != ASKED)
        return;
    goc__frames_prepare();
    store_release(&unwinder, (uint32_t)LOADED);
}

static bool has_unwinder(void)
{
    int64_t end_ns = goc__clock_now() + UNWINDER_NS;
    store_release(&unwinder, (uint32_t)ASKED);
    goc__monitor_wake();
    while (load_acquire(&unwinder) != LOADED) {
        if (goc__clock_now() >= end_ns)
            return false;
        goc__clock_sleep_until(goc__clock_now() + LOOK_NS);
    }
    return true;
}

/* The frames of what CONTEXT says was interrupted on G's stack. */
static NOINLINE void take_frames(const struct g *g, const void *context,
                                 struct frames *frames)
{
    if (has_unwinder() && __builtin_setjmp(unwind_failed) == 0) {
        unwinding = true;
        goc__frames_interrupted(g, context, frames);
        unwinding = false;
        return;
    }
    goc__frames_pointed(g, context, frames);
}

static void print_what(const siginfo_t *info, const ucontext_t *context)
{
    int i = 0;
    while (i < SIGNALS - 1 && signals[i].number != info->si_signo)
        i++;
    uint64_t pc = (uint64_t)context->uc_mcontext.gregs[REG_RIP];
    if (signals[i].is_panic && info->si_code > 0)
        goc__print("fatal error: unexpected signal during runtime execution\n"
                   "[signal %s: %s code=0x%x addr=0x%" PRIxPTR " pc=0x%" PRIx64 "]\n",
                   signals[i].name, signals[i].words, (unsigned)info->si_code,
                   (uintptr_t)info->si_addr, pc);
    else
        goc__print("%s: %s\nPC=0x%" PRIx64 " sigcode=%d\n", signals[i].name,
                   signals[i].words, pc, info->si_code);
}

/* Nobody goes on meanwhile, so that the core file has all goroutines as they are now: none enters
 * the runtime, and the monitor takes no P of who is in it. */
static void stay(void)
{
    struct m *m = goc__m();
    store_relaxed(&m->depth, load_relaxed(&m->depth) + 1);
    goc__claim_freeze();
}

static void report(const siginfo_t *info, int32_t self, const void *context)
{
    static struct frames frames;
    reported = *info;
    store_release(&reporter, self);
    unblock_all();
    goc__signals_after(self, info->si_signo, REPORT_NS);
    print_what(info, context);
    if (goc__level() == LEVEL_NONE)
        return;
    const struct g *g = load_relaxed(&goc__m()->g);
    take_frames(g, context, &frames);
    goc__death_print(g, &frames, goc__level() >= LEVEL_ALL);
}

void goc__fault_report(const siginfo_t *info, void *context)
{
    int signal = info->si_signo;
    int32_t self = goc__thread_id();
    /* A child has no monitor, and perhaps its parent's memory. */
    if (getpid() == process) {
        goc__die_first();
        stay();
        report(info, self, context);
        goc__signals_block(signal); /* until the handler has returned */
    }
    goc__signals_default(signal);
    /* Valgrind takes what is sent with a fault's siginfo for a fault of its own; but a fault comes
     * again by itself. */
    if (info->si_code <= 0 || !goc__fiber_accounts())
        goc__signals_again(self, info);
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    goc__fault_again(info);
    goc__fault_report(info, context);
}

void goc__fault_start(bool crashes)
{
    process = getpid();
    for (int i = 0; i < SIGNALS; i++) {
        int number = signals[i].number;
        struct sigaction before;
        if (number != SIGSEGV && goc__signals_is_default(number) &&
            !(crashes && number == SIGABRT))
            goc__signals_install(number, on_fault, &before);
    }
}
